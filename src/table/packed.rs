//! Long numbers in as many bits as tell those near one another apart.

/// So many rows are packed together.
const SHARE: usize = if cfg!(test) { 1 << 4 } else { 1 << 16 };

/// So many bits leave room for what stands for a blank cell.
const ROOM: u32 = u32::BITS - 1;

/// A long number per row, [`Packed::BLANK`] where there is none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Packed {
    full: Vec<Share>,
    /// The rows behind them, fewer than a share.
    open: Vec<u64>,
}

/// So many rows.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Share {
    /// The bits that all of them have, what the others are, and these of each row in their order; `u32::MAX` where blank.
    Narrow(u64, Vec<Run>, Vec<u32>),
    Wide(Vec<u64>),
}

/// Bits that stand together: so many from one of the number on, kept from another one on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    from: u32,
    kept: u32,
    bits: u32,
}

impl Run {
    /// As many ones as there are bits.
    fn ones(self) -> u32 {
        u32::MAX >> (u32::BITS - self.bits)
    }
}

impl Packed {
    /// What stands for a blank cell.
    pub const BLANK: u64 = u64::MAX;

    /// The number of rows.
    pub fn len(&self) -> usize {
        self.full.len() * SHARE + self.open.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds a row.
    pub fn push(&mut self, number: u64) {
        self.open.push(number);
        if self.open.len() == SHARE {
            self.full.push(Share::of(&self.open));
            self.open.clear();
        }
    }

    /// Adds rows.
    pub fn extend_from_slice(&mut self, mut numbers: &[u64]) {
        while !numbers.is_empty() {
            let (now, later) = numbers.split_at(numbers.len().min(SHARE - self.open.len()));
            self.open.extend_from_slice(now);
            numbers = later;
            if self.open.len() == SHARE {
                self.full.push(Share::of(&self.open));
                self.open.clear();
            }
        }
    }

    /// The number of a row; [`Packed::BLANK`] where there is no such row.
    #[inline]
    pub fn get(&self, row: usize) -> u64 {
        match self.full.get(row / SHARE) {
            Some(share) => share.get(row % SHARE),
            None => self.open.get(row - self.full.len() * SHARE).copied().unwrap_or(Self::BLANK),
        }
    }

    /// The number of each row.
    pub fn iter(&self) -> impl Iterator<Item = u64> + '_ {
        self.full.iter().flat_map(|share| (0..SHARE).map(|row| share.get(row))).chain(self.open.iter().copied())
    }

    /// Whether any row is blank.
    pub fn any_blank(&self) -> bool {
        let blank = |share: &Share| match share {
            Share::Narrow(.., rows) => rows.contains(&u32::MAX),
            Share::Wide(rows) => rows.contains(&Self::BLANK),
        };
        self.full.iter().any(blank) || self.open.contains(&Self::BLANK)
    }

    /// Whether every row is blank.
    pub fn all_blank(&self) -> bool {
        self.iter().all(|number| number == Self::BLANK)
    }

    /// Whether each number is larger than the one before, and none blank.
    pub fn ascends(&self) -> bool {
        // What is kept of numbers is in their order.
        let within = |share: &Share| match share {
            Share::Narrow(.., rows) => rows.is_sorted_by(|one, other| one < other),
            Share::Wide(rows) => rows.is_sorted_by(|one, other| one < other),
        };
        let ends = |share: usize| self.get(share * SHARE - 1) < self.get(share * SHARE);
        let last = self.len().checked_sub(1).map(|row| self.get(row));
        last != Some(Self::BLANK)
            && self.full.iter().all(within)
            && self.open.is_sorted_by(|one, other| one < other)
            && (1..self.len().div_ceil(SHARE)).all(ends)
    }
}

impl Share {
    fn of(numbers: &[u64]) -> Self {
        let first = numbers.iter().copied().find(|number| *number != Packed::BLANK).unwrap_or_default();
        let differ = numbers.iter().fold(0, |differ, number| differ | if *number == Packed::BLANK { 0 } else { number ^ first });
        if differ.count_ones() > ROOM {
            return Self::Wide(numbers.to_vec());
        }
        let (runs, mask) = runs(differ);
        let mut rows = vec![0; numbers.len()];
        for run in &runs {
            let (Run { from, kept, .. }, ones) = (*run, run.ones());
            rows.iter_mut().zip(numbers).for_each(|(row, number)| *row |= ((number >> from) as u32 & ones) << kept);
        }
        rows.iter_mut().zip(numbers).for_each(|(row, number)| *row |= if *number == Packed::BLANK { u32::MAX } else { 0 });
        Self::Narrow(first & !mask, runs, rows)
    }

    #[inline]
    fn get(&self, row: usize) -> u64 {
        match self {
            Self::Narrow(all, runs, rows) => match rows[row] {
                u32::MAX => Packed::BLANK,
                kept => runs.iter().fold(*all, |number, run| number | u64::from(kept >> run.kept & run.ones()) << run.from),
            },
            Self::Wide(rows) => rows[row],
        }
    }
}

/// The bits of a mask as runs, and these as a mask: of what stands between two of them as much is taken in as there is room for, since it
/// takes time to go over many.
fn runs(mut mask: u64) -> (Vec<Run>, u64) {
    let mut width = 1;
    while width <= ROOM.saturating_sub(mask.count_ones()) {
        let gap = gaps(mask).find(|(_, gap)| *gap <= width);
        match gap {
            Some((at, gap)) => mask |= (u64::MAX >> (u64::BITS - gap)) << at,
            None => width += 1,
        }
    }
    let (mut runs, mut kept, mut rest) = (Vec::new(), 0, mask);
    while rest != 0 {
        let from = rest.trailing_zeros();
        let bits = (rest >> from).trailing_ones();
        runs.push(Run { from, kept, bits });
        kept += bits;
        rest &= rest.wrapping_add(1 << from);
    }
    (runs, mask)
}

/// Where ones are followed by zeros that have ones behind them, and how many zeros these are.
fn gaps(mask: u64) -> impl Iterator<Item = (u32, u32)> {
    let mut at = mask.trailing_zeros();
    std::iter::from_fn(move || {
        at += (mask.checked_shr(at)?).trailing_ones();
        let gap = mask.checked_shr(at).filter(|rest| *rest != 0)?.trailing_zeros();
        let found = (at, gap);
        at += gap;
        Some(found)
    })
}

impl Extend<u64> for Packed {
    fn extend<T: IntoIterator<Item = u64>>(&mut self, numbers: T) {
        numbers.into_iter().for_each(|number| self.push(number));
    }
}

impl FromIterator<u64> for Packed {
    fn from_iter<T: IntoIterator<Item = u64>>(numbers: T) -> Self {
        let mut all = Self::default();
        all.extend(numbers);
        all
    }
}

impl From<Vec<u64>> for Packed {
    fn from(numbers: Vec<u64>) -> Self {
        numbers.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn numbers_are_those_that_were_added(
            mask in prop_oneof![any::<u64>(), (0..64_u32).prop_map(|by| 0x0f3c_f3cf_3cf3_cf00 >> by), Just(0x7fff_ffff_u64)],
            base in any::<u64>(),
            numbers in prop::collection::vec((any::<u64>(), 0..20_u8), 0..100),
            (sorted, split) in (any::<bool>(), 0..100_usize),
        ) {
            let number = |(any, how): (u64, u8)| if how == 0 { Packed::BLANK } else { base & !mask | any & mask };
            let mut numbers: Vec<u64> = numbers.into_iter().map(number).collect();
            if sorted {
                numbers.sort_unstable();
            }
            let (before, behind) = numbers.split_at(split.min(numbers.len()));
            let mut packed = Packed::from(before.to_vec());
            packed.extend_from_slice(behind);
            prop_assert_eq!(&packed, &Packed::from(numbers.clone()));
            prop_assert_eq!(packed.iter().collect::<Vec<_>>(), numbers.clone());
            prop_assert_eq!((0..=numbers.len()).map(|row| packed.get(row)).collect::<Vec<_>>(), [&numbers[..], &[Packed::BLANK]].concat());
            prop_assert_eq!(packed.len(), numbers.len());
            prop_assert_eq!(packed.any_blank(), numbers.contains(&Packed::BLANK));
            prop_assert_eq!(packed.all_blank(), numbers.iter().all(|number| *number == Packed::BLANK));
            let ascends = numbers.is_sorted_by(|one, other| one < other) && numbers.last() != Some(&Packed::BLANK);
            prop_assert_eq!(packed.ascends(), ascends);
        }
    }

    #[test]
    fn digits_of_ids_are_few_bits() {
        let (digits, mask) = runs(0x0000_03cf_3cf3_cf00);
        assert!(mask.count_ones() <= ROOM && digits.len() < 8, "{digits:?}");
        assert_eq!(runs(0), (Vec::new(), 0));
        assert_eq!(runs(1 << 63 | 1).0.len(), 2);
        assert_eq!(runs(0xf0f).0, [Run { from: 0, kept: 0, bits: 12 }]);
    }
}
