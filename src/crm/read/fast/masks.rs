//! Where the marks that split a text stand, 64 bytes at a time: bit `i` of a mask is byte `i`.

use wide::u8x16;

/// How many bytes are looked at at once.
pub(super) const STEP: usize = 64;

/// The marks among 64 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Masks {
    /// Quotation marks.
    pub(super) quotes: u64,
    /// What separates fields, and `\n`.
    pub(super) ends: u64,
    /// `\n`.
    pub(super) lines: u64,
    /// `\r`, if they were asked for.
    pub(super) returns: u64,
}

/// The marks among these bytes.
#[inline]
pub(super) fn masks<const RETURNS: bool>(bytes: &[u8; STEP], delimiter: u8) -> Masks {
    let mut found = Masks { quotes: 0, ends: 0, lines: 0, returns: 0 };
    let (lanes, _) = bytes.as_chunks::<16>();
    for (i, lane) in lanes.iter().enumerate() {
        let lane = u8x16::new(*lane);
        let mask = |of: u8x16| u64::from(of.to_bitmask()) << (16 * i);
        let is = |byte: u8| lane.simd_eq(u8x16::splat(byte));
        found.quotes |= mask(is(b'"'));
        let lines = is(b'\n');
        found.ends |= mask(is(delimiter) | lines);
        found.lines |= mask(lines);
        if RETURNS {
            found.returns |= mask(is(b'\r'));
        }
    }
    found
}

/// Bit `i` says whether an odd number of bits up to and with `i` is set: between an opening and its closing mark.
#[inline]
pub(super) fn prefix_xor(mut bits: u64) -> u64 {
    bits ^= bits << 1;
    bits ^= bits << 2;
    bits ^= bits << 4;
    bits ^= bits << 8;
    bits ^= bits << 16;
    bits ^ bits << 32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn plainly(bytes: &[u8; STEP], delimiter: u8) -> Masks {
        let of = |byte: u8| bytes.iter().enumerate().fold(0, |mask, (i, b)| mask | u64::from(*b == byte) << i);
        Masks { quotes: of(b'"'), ends: of(delimiter) | of(b'\n'), lines: of(b'\n'), returns: of(b'\r') }
    }

    proptest! {
        #[test]
        fn masks_are_those_of_a_plain_loop(
            bytes in prop::array::uniform32(prop::sample::select(vec![b'"', b',', b';', b'\n', b'\r', 0, b'a', 0x80, 0xff, b'#', b'-'])),
            others in prop::array::uniform32(any::<u8>()),
            delimiter in prop::sample::select(vec![b',', b';', b'\t', b'|']),
        ) {
            let mut both = [0; STEP];
            both[..32].copy_from_slice(&bytes);
            both[32..].copy_from_slice(&others);
            let plain = plainly(&both, delimiter);
            prop_assert_eq!(masks::<true>(&both, delimiter), plain);
            prop_assert_eq!(masks::<false>(&both, delimiter), Masks { returns: 0, ..plain });
        }

        #[test]
        fn what_lies_between_marks_is_that_of_a_plain_loop(bits in any::<u64>()) {
            let mut odd = false;
            let plainly = (0..64).fold(0, |mask, i| {
                odd ^= bits >> i & 1 == 1;
                mask | u64::from(odd) << i
            });
            prop_assert_eq!(prefix_xor(bits), plainly);
        }
    }
}
