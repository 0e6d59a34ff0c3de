//! A decoder of Mapbox Vector Tiles 2.1, as far as tests look at them.

use std::collections::BTreeMap;

use domain::Value;

/// A layer of a tile.
#[derive(Debug, Default)]
pub struct MvtLayer {
    pub name: String,
    pub extent: u64,
    pub features: Vec<MvtFeature>,
}

/// A feature, its values by name, and the positions of its geometry in the order of its commands.
#[derive(Debug, Default)]
pub struct MvtFeature {
    pub id: Option<i64>,
    pub kind: u64,
    pub values: BTreeMap<String, Value>,
    pub positions: Vec<(i64, i64)>,
}

impl MvtFeature {
    /// How many records it stands for.
    pub fn count(&self) -> i64 {
        match self.values.get("count") {
            Some(Value::Integer(count)) => *count,
            _ => 1,
        }
    }
}

/// One field of a protocol buffer message: its number and value.
enum Wire<'b> {
    Number(u64),
    Double(f64),
    Bytes(&'b [u8]),
}

fn varint(bytes: &mut &[u8]) -> u64 {
    let mut value = 0;
    for shift in (0..).step_by(7) {
        let (first, rest) = bytes.split_first().unwrap();
        *bytes = rest;
        value |= u64::from(first & 0x7f) << shift;
        if first & 0x80 == 0 {
            break;
        }
    }
    value
}

fn fields(mut bytes: &[u8]) -> Vec<(u64, Wire<'_>)> {
    let mut fields = Vec::new();
    while !bytes.is_empty() {
        let key = varint(&mut bytes);
        let value = match key & 7 {
            0 => Wire::Number(varint(&mut bytes)),
            1 => {
                let (eight, rest) = bytes.split_at(8);
                bytes = rest;
                Wire::Double(f64::from_le_bytes(eight.try_into().unwrap()))
            }
            2 => {
                let length = usize::try_from(varint(&mut bytes)).unwrap();
                let (part, rest) = bytes.split_at(length);
                bytes = rest;
                Wire::Bytes(part)
            }
            other => panic!("wire type {other}"),
        };
        fields.push((key >> 3, value));
    }
    fields
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn numbers(mut bytes: &[u8]) -> Vec<u64> {
    let mut numbers = Vec::new();
    while !bytes.is_empty() {
        numbers.push(varint(&mut bytes));
    }
    numbers
}

fn unzigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -((number & 1).cast_signed())
}

fn value(bytes: &[u8]) -> Value {
    let (number, wire) = fields(bytes).pop().unwrap();
    match (number, wire) {
        (1, Wire::Bytes(bytes)) => Value::Text(text(bytes)),
        (3, Wire::Double(number)) => Value::Number(number),
        (4 | 5, Wire::Number(number)) => Value::Integer(number.cast_signed()),
        (6, Wire::Number(number)) => Value::Integer(unzigzag(number)),
        (7, Wire::Number(number)) => Value::Boolean(number == 1),
        _ => panic!("value of kind {number}"),
    }
}

fn positions(commands: &[u64]) -> Vec<(i64, i64)> {
    let (mut at, mut positions) = ((0, 0), Vec::new());
    let mut rest = commands.iter().copied();
    while let Some(command) = rest.next() {
        if command & 7 == 7 {
            continue;
        }
        for _ in 0..command >> 3 {
            at.0 += unzigzag(rest.next().unwrap());
            at.1 += unzigzag(rest.next().unwrap());
            positions.push(at);
        }
    }
    positions
}

fn feature(bytes: &[u8], keys: &[String], values: &[Value]) -> MvtFeature {
    let mut feature = MvtFeature::default();
    for (number, wire) in fields(bytes) {
        match (number, wire) {
            (1, Wire::Number(id)) => feature.id = Some(id.cast_signed()),
            (2, Wire::Bytes(tags)) => {
                for pair in numbers(tags).chunks(2) {
                    let [key, value] = [pair[0], pair[1]].map(|at| usize::try_from(at).unwrap());
                    feature
                        .values
                        .insert(keys[key].clone(), values[value].clone());
                }
            }
            (3, Wire::Number(kind)) => feature.kind = kind,
            (4, Wire::Bytes(commands)) => feature.positions = positions(&numbers(commands)),
            _ => panic!("field {number} of a feature"),
        }
    }
    feature
}

fn layer(bytes: &[u8]) -> MvtLayer {
    let mut layer = MvtLayer::default();
    let (mut keys, mut values, mut features) = (Vec::new(), Vec::new(), Vec::new());
    for (number, wire) in fields(bytes) {
        match (number, wire) {
            (1, Wire::Bytes(name)) => layer.name = text(name),
            (2, Wire::Bytes(bytes)) => features.push(bytes),
            (3, Wire::Bytes(key)) => keys.push(text(key)),
            (4, Wire::Bytes(bytes)) => values.push(value(bytes)),
            (5, Wire::Number(extent)) => layer.extent = extent,
            (15, Wire::Number(version)) => assert_eq!(version, 2),
            _ => panic!("field {number} of a layer"),
        }
    }
    let features = features.into_iter();
    layer.features = features
        .map(|bytes| feature(bytes, &keys, &values))
        .collect();
    layer
}

/// The layers of a tile.
pub fn decode(bytes: &[u8]) -> Vec<MvtLayer> {
    let layers = fields(bytes).into_iter().map(|(number, wire)| match wire {
        Wire::Bytes(bytes) if number == 3 => layer(bytes),
        _ => panic!("field {number} of a tile"),
    });
    layers.collect()
}
