//! Currencies as they stand beside amounts: codes and signs.

/// The codes of ISO 4217 in use, and those of the euro's forerunners and others that old records still name.
const CODES: &str = "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLF CLP \
     CNH CNY COP CRC CUC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GGP GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR \
     ILS IMP INR IQD IRR ISK JEP JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LTL LVL LYD MAD MDL MGA MKD MMK MNT MOP \
     MRO MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RMB RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP \
     SLE SLL SOS SRD SSP STD STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VEF VES VND VUV WST XAF XCD XDR XOF XPF \
     XXX YER ZAR ZMW ZWL DEM FRF ITL ESP ATS NLG BEF PTE FIM GRD IEP";

/// What stands before a sign that several currencies share, as in `R$` and `CN¥`.
const BEFORE_SIGN: &[&str] = &[
    "", "A", "AU", "AUD", "AR", "B", "BZ", "C", "CA", "CAD", "CL", "CLP", "CN", "CO", "COL", "COP", "E", "EC", "HK", "J", "JP", "MEX",
    "MX", "N", "NT", "NZ", "R", "RD", "RMB", "S", "SG", "TT", "U", "US", "USD", "UY", "Z",
];

/// Currencies that stand in letters and are no code, folded to lower case.
const LETTERS: &[&str] =
    &["kr", "zł", "kč", "ft", "lei", "fr", "sfr", "rs", "r", "s/", "tl", "rp", "rm", "лв", "руб", "euro", "euros", "円", "元", "원"];

/// Whether a text of three letters is a currency's code.
pub(in crate::crm) fn is_code(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|b| b.is_ascii_alphabetic()) && CODES.split_ascii_whitespace().any(|c| c.eq_ignore_ascii_case(text))
}

/// Whether amounts in this currency have three decimals.
pub(super) fn thousands_of(code: &str) -> bool {
    matches!(code, "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND")
}

/// A currency's code in capitals, or its sign as it is written.
pub(super) fn currency(text: &str) -> Option<Box<str>> {
    let text = text.trim_end_matches('.');
    if is_code(text) {
        return Some(text.to_uppercase().into());
    }
    let sign = text.chars().next_back()?;
    let is_sign = matches!(sign, '$' | '\u{a2}'..='\u{a5}' | '\u{20a0}'..='\u{20cf}' | '\u{ff04}' | '\u{ffe5}');
    let rest = text.strip_suffix(sign)?;
    if is_sign && BEFORE_SIGN.contains(&rest.to_uppercase().as_str()) {
        return Some(text.to_uppercase().into());
    }
    LETTERS.contains(&text.to_lowercase().as_str()).then(|| text.into())
}
