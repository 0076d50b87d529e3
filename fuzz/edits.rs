//! Changes to a text, as bytes ask for them.

/// The text with bytes replaced, cut out or put in, as the script says; `None` where that changes
/// nothing.
pub fn edited(text: &[u8], script: &[u8]) -> Option<Vec<u8>> {
    let mut changed = text.to_vec();
    for step in script.chunks_exact(4).take(8) {
        let place = usize::from(u16::from_le_bytes([step[0], step[1]]));
        let place = place % changed.len().max(1);
        match step[2] % 4 {
            0 if !changed.is_empty() => changed[place] ^= step[3].max(1),
            1 if !changed.is_empty() => {
                changed.remove(place);
            }
            2 => changed.truncate(place),
            _ => changed.insert(place.min(changed.len()), step[3]),
        }
    }
    (changed != text).then_some(changed)
}
