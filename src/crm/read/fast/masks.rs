//! Where the marks that split a text stand, 64 bytes at a time: bit `i` of a mask is byte `i`.

/// How many bytes are looked at at once.
pub(super) const STEP: usize = 64;

/// The marks among 64 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Masks {
    /// Quotation marks.
    pub(super) quotes: u64,
    /// What separates fields, and `\n`.
    pub(super) ends: u64,
    /// `\r`, if they were asked for.
    pub(super) returns: u64,
}

/// Gathers the lowest bits of eight bytes in the highest byte.
const GATHER: u64 = 0x0102_0408_1020_4080;

/// The marks among these bytes. The loops are such that compilers make vectors of them.
#[inline]
#[allow(clippy::needless_bitwise_bool)] // a branch for each byte would be no vector
pub(super) fn masks<const RETURNS: bool>(bytes: &[u8; STEP], delimiter: u8) -> Masks {
    let (mut quotes, mut ends) = ([0; STEP], [0; STEP]);
    for (i, byte) in bytes.iter().enumerate() {
        quotes[i] = u8::from(*byte == b'"');
        ends[i] = u8::from((*byte == delimiter) | (*byte == b'\n'));
    }
    let mut found = Masks { quotes: gather(&quotes), ends: gather(&ends), returns: 0 };
    if RETURNS {
        let mut returns = [0; STEP];
        for (i, byte) in bytes.iter().enumerate() {
            returns[i] = u8::from(*byte == b'\r');
        }
        found.returns = gather(&returns);
    }
    found
}

/// A bit for each byte that is 1 and not 0.
#[inline]
fn gather(bits: &[u8; STEP]) -> u64 {
    let (words, _) = bits.as_chunks::<8>();
    words.iter().enumerate().fold(0, |mask, (i, word)| mask | (u64::from_le_bytes(*word).wrapping_mul(GATHER) >> 56) << (8 * i))
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
        Masks { quotes: of(b'"'), ends: of(delimiter) | of(b'\n'), returns: of(b'\r') }
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
