//! What is said about a reference system that is not read as it is declared.

use domain::lang::Message;
use domain::message;

use crate::definition::Definition;
use crate::recognise::Code;
use crate::signature::Datum;

/// The zone 8 code for which the registry repeats the parameters of zone 7.
const WRONG_IN_REGISTRY: u32 = 31278;

pub(crate) fn successor(code: Code, successor: u32, declared: &Definition) -> Message {
    if code == Code::Epsg(WRONG_IN_REGISTRY) {
        return message!(
            "{code} је застарела ознака, а њен запис у регистру погрешно понавља параметре зоне 7; \
             чита се као зона 8, EPSG:{successor}.",
            "{code} is deprecated and its entry in the registry wrongly repeats the parameters of \
             zone 7; it is read as zone 8, EPSG:{successor}."
        );
    }
    match declared.signature.datum {
        Datum::Mgi => message!(
            "{code} је застарела ознака: означава аустријски датум MGI, са ког ниједан прелаз на \
             WGS 84 не важи у Србији; чита се као иста мрежа на датуму MGI 1901, EPSG:{successor}.",
            "{code} is deprecated: it names the Austrian datum MGI, from which no shift to WGS 84 \
             is valid in Serbia; it is read as the same grid on the datum MGI 1901, \
             EPSG:{successor}."
        ),
        _ => message!(
            "{code} је застарела ознака; чита се као EPSG:{successor}, иста мрежа са осама у \
             редоследу исток, север.",
            "{code} is deprecated; it is read as EPSG:{successor}, the same grid with the axes in \
             the order east, north."
        ),
    }
}

pub(crate) fn austrian_datum(resolved: &Definition) -> Option<Message> {
    let signature = &resolved.signature;
    let name = &resolved.identity.name;
    (signature.datum != Datum::Mgi1901 && signature.is_on_mgi_1901()).then(|| {
        message!(
            "„{name}“ не наводи датум MGI 1901, али његова зона лежи у бившој Југославији; у WGS 84 \
             се преводи као MGI 1901, са својом размером и својим померањем по истоку.",
            "{name:?} does not name the datum MGI 1901, but its zone lies in the former Yugoslavia; \
             it is shifted to WGS 84 as MGI 1901, keeping its own scale and false easting."
        )
    })
}

/// Heights are recognised by name: EPSG:5195 (Trieste) is the old Serbian system, EPSG:8691 the
/// current one.
pub(crate) fn heights(declared: &Definition) -> Option<Message> {
    let name = &declared.heights.as_ref()?.name;
    let known = name.to_lowercase();
    let (sr, en) = if known.contains("trieste") || known.contains("trst") {
        (
            "стари државни, од мареографа у Трсту, EPSG:5195",
            "the old state one, from the tide gauge in Trieste, EPSG:5195",
        )
    } else if known.contains("srb_vrs12") {
        (
            "важећи државни, EPSG:8691",
            "the current state one, EPSG:8691",
        )
    } else {
        ("непознат у Србији", "not one of Serbia's")
    };
    Some(message!(
        "Висински систем „{name}“ ({sr}) се не користи: читају се само исток и север, висине не.",
        "The height system {name:?} ({en}) is not used: only east and north are read, heights are \
         not."
    ))
}

pub(crate) fn grid(declared: &Definition, found: &Definition) -> Option<Message> {
    let (declared, found) = (&declared.identity, &found.identity);
    let (called, name, epsg) = (&declared.name, &found.name, found.epsg?);
    (declared.epsg != found.epsg).then(|| {
        message!(
            "Текст себе назива „{called}“; датум и пројекција су му они од EPSG:{epsg}, {name}.",
            "The text calls itself {called:?}; its datum and projection are those of EPSG:{epsg}, \
             {name}."
        )
    })
}

/// A datum of another name, in a grid that shows which one is meant.
pub(crate) fn invented_datum(declared: &Definition) -> Option<Message> {
    let signature = &declared.signature;
    let name = match &signature.datum {
        Datum::OtherBessel(name) if signature.is_on_mgi_1901() => name,
        _ => return None,
    };
    Some(message!(
        "Датум се у тексту зове „{name}“; размера 0,9999 и број зоне испред координате исток само су у државном \
         премеру, па се чита као MGI 1901.",
        "The text calls its datum {name:?}; only the state survey has the scale 0.9999 and the number of the \
         zone before the eastings, so it is read as MGI 1901."
    ))
}

pub(crate) fn unregistered(declared: &Definition, resolved: &Definition) -> Option<Message> {
    let code = declared.identity.epsg?;
    resolved.identity.epsg.is_none().then(|| {
        message!(
            "Текст себи даје ознаку EPSG:{code}, али се његови параметри разликују од оних у \
             регистру; користе се параметри.",
            "The text gives itself the code EPSG:{code}, but its parameters differ from the \
             registry's; the parameters are used."
        )
    })
}

pub(crate) fn own_shift(declared: &Definition, resolved: &Definition) -> Option<Message> {
    let shift = declared.own_shift.as_ref()?;
    Some(if resolved.signature.is_on_mgi_1901() {
        message!(
            "Сопствени прелаз на WGS 84 из датотеке ({shift}) замењен је утврђеном операцијом \
             EPSG:9486.",
            "The file's own shift to WGS 84 ({shift}) was replaced by the pinned operation EPSG:9486."
        )
    } else {
        message!(
            "Сопствени прелаз на WGS 84 из датотеке ({shift}) не користи се, јер му се не зна \
             тачност.",
            "The file's own shift to WGS 84 ({shift}) was not used, because its accuracy is unknown."
        )
    })
}

pub(crate) fn assumed_datum() -> Message {
    message!(
        "Задати текст не наводи датум; на елипсоиду Bessel 1841 у Србији то је MGI 1901, датум \
         старог премера.",
        "The text given names no datum; on the ellipsoid Bessel 1841 in Serbia that is MGI 1901, the \
         datum of the old survey."
    )
}
