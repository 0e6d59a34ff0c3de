//! Which municipalities and city municipalities lie in which administrative district.

use super::DistrictCode;

/// The 168 units of the register of spatial units (*Registar prostornih jedinica*), by district.
/// Those of Kosovo and Metohija are not in that register's public list.
pub(super) const MEMBERS: &[(DistrictCode, &[u32])] = &[
    (
        DistrictCode(0),
        &[
            70092, 70106, 70114, 70122, 70149, 70157, 70165, 70173, 70181, 70190, 70203, 70211,
            70220, 70238, 70246, 70254, 71293,
        ],
    ),
    (DistrictCode(1), &[80071, 80241, 80438]),
    (DistrictCode(2), &[80144, 80152, 80250, 80268, 80373]),
    (DistrictCode(3), &[80012, 80195, 80209, 80276, 80365, 80489]),
    (
        DistrictCode(4),
        &[80039, 80098, 80128, 80217, 80225, 80292, 80314, 80349],
    ),
    (DistrictCode(5), &[80047, 80233, 80306, 80381]),
    (
        DistrictCode(6),
        &[
            80055, 80063, 80080, 80101, 80110, 80136, 80390, 80411, 80446, 80454, 80462, 89010,
        ],
    ),
    (
        DistrictCode(7),
        &[80179, 80187, 80322, 80357, 80403, 80420, 80497],
    ),
    (
        DistrictCode(8),
        &[70289, 70408, 70637, 70661, 70734, 70777, 70793, 71269],
    ),
    (DistrictCode(9), &[70360, 70700, 70769, 70831, 70882, 71218]),
    (DistrictCode(10), &[70386, 71099, 71102]),
    (
        DistrictCode(11),
        &[
            70394, 70475, 70521, 70530, 70696, 70807, 70912, 70947, 71340,
        ],
    ),
    (
        DistrictCode(12),
        &[70033, 70076, 70599, 70645, 71013, 71153, 71277],
    ),
    (
        DistrictCode(13),
        &[70491, 70904, 71030, 71048, 71056, 71200],
    ),
    (DistrictCode(14), &[70327, 70572, 70785, 70840]),
    (DistrictCode(15), &[70319, 70556, 70602, 71129]),
    (
        DistrictCode(16),
        &[
            70041, 70068, 70629, 70866, 70955, 70971, 70980, 71072, 71145, 71234, 71366,
        ],
    ),
    (DistrictCode(17), &[70483, 70564, 70742, 71242]),
    (DistrictCode(18), &[70459, 70653, 70874, 71021, 71188]),
    (
        DistrictCode(19),
        &[70017, 70343, 70378, 70670, 71170, 71196],
    ),
    (
        DistrictCode(20),
        &[
            70025, 70467, 70513, 70823, 71005, 71064, 71285, 71307, 71315, 71323, 71331,
        ],
    ),
    (DistrictCode(21), &[70262, 70548, 70688, 70998]),
    (DistrictCode(22), &[70050, 70084, 70505, 70939]),
    (
        DistrictCode(23),
        &[70297, 70424, 70718, 70726, 70815, 71226],
    ),
    (
        DistrictCode(24),
        &[70335, 70351, 70416, 70432, 70963, 71137, 71161, 71358],
    ),
];

/// The city municipalities of a city that is no unit of the register itself, by its folded name. The
/// other cities with city municipalities stand in the register beside them.
pub(super) fn of_city(folded: &str) -> &'static [u32] {
    const BEOGRAD: &[u32] = MEMBERS[0].1;
    match folded {
        "beograd" | "belgrade" => BEOGRAD,
        "nis" => &[71285, 71307, 71315, 71323, 71331],
        _ => &[],
    }
}
