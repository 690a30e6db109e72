//! Functions of Go's library that do other things with their parameters than ours.
//!
//! Callers see what a parameter leaks to: to say what gc says of the user's package,
//! [`crate::Mode::Go`] takes for these functions what gc finds in Go 1.27. A run goes by the bodies of
//! our library. All other functions of both libraries agree.

use crate::ParamSummary;

/// Where a parameter goes.
enum Leak {
    /// To the heap, after so many dereferences.
    Heap(i32),
    /// To a result, after so many dereferences.
    Result(usize, i32),
}

use Leak::Result;

/// The parameter itself.
const HEAP: Leak = Leak::Heap(0);
/// What the parameter points at.
const CONTENT: Leak = Leak::Heap(1);

/// Functions by name, with the leaks of each parameter, receiver first; sorted.
#[rustfmt::skip]
const FUNCTIONS: &[(&str, &[&[Leak]])] = &[
    ("container/list.(*List).MoveAfter", &[&[], &[HEAP], &[HEAP]]),
    ("container/list.(*List).MoveBefore", &[&[], &[HEAP], &[CONTENT]]),
    ("container/list.(*List).MoveToBack", &[&[CONTENT], &[HEAP]]),
    ("encoding/base64.Encoding.Strict", &[&[]]),
    ("encoding/base64.Encoding.WithPadding", &[&[], &[]]),
    ("encoding/base64.NewEncoding", &[&[]]),
    ("fmt.Errorf", &[&[HEAP], &[CONTENT]]),
    ("hash/crc32.Checksum", &[&[HEAP], &[]]),
    ("hash/crc32.ChecksumIEEE", &[&[HEAP]]),
    ("hash/crc32.Update", &[&[], &[], &[HEAP]]),
    ("io.(*PipeReader).Close", &[&[HEAP]]),
    ("io.(*PipeReader).CloseWithError", &[&[HEAP], &[HEAP]]),
    ("io.(*PipeReader).Read", &[&[HEAP], &[]]),
    ("io.(*PipeWriter).Close", &[&[HEAP]]),
    ("io.(*PipeWriter).CloseWithError", &[&[HEAP], &[HEAP]]),
    ("io.(*PipeWriter).Write", &[&[HEAP], &[HEAP]]),
    ("io/ioutil.TempDir", &[&[HEAP], &[HEAP]]),
    ("log.(*Logger).Flags", &[&[]]),
    ("log.(*Logger).SetFlags", &[&[], &[]]),
    ("os.(*File).Fd", &[&[CONTENT]]),
    ("os.(*File).Name", &[&[Result(0, 2)]]),
    ("os.(*File).ReadDir", &[&[HEAP], &[]]),
    ("os.(*File).Readdirnames", &[&[HEAP], &[]]),
    ("os.Getenv", &[&[HEAP]]),
    ("os.LookupEnv", &[&[HEAP]]),
    ("os.MkdirTemp", &[&[HEAP], &[HEAP]]),
    ("os.Setenv", &[&[HEAP], &[HEAP]]),
    ("os.Unsetenv", &[&[HEAP]]),
    ("path.Clean", &[&[Result(0, 0)]]),
    ("path.Dir", &[&[Result(0, 0)]]),
    ("path.Join", &[&[]]),
    ("path/filepath.Clean", &[&[Result(0, 0)]]),
    ("path/filepath.Dir", &[&[Result(0, 0)]]),
    ("path/filepath.IsLocal", &[&[]]),
    ("path/filepath.Join", &[&[Result(0, 1)]]),
    ("path/filepath.Rel", &[&[], &[Result(0, 0)]]),
    ("path/filepath.VolumeName", &[&[Result(0, 0)]]),
    ("runtime.(*Frames).Next", &[&[HEAP]]),
    ("runtime.(*Func).Name", &[&[]]),
    ("runtime.(*PanicNilError).Error", &[&[]]),
    ("runtime.(*TypeAssertionError).Error", &[&[]]),
    ("runtime.Stack", &[&[HEAP], &[]]),
    ("runtime/debug.ReadGCStats", &[&[HEAP]]),
    ("sort.Float64s", &[&[]]),
    ("sort.Float64sAreSorted", &[&[]]),
    ("sort.Ints", &[&[]]),
    ("sort.IntsAreSorted", &[&[]]),
    ("sort.Slice", &[&[HEAP], &[]]),
    ("sort.SliceStable", &[&[HEAP], &[]]),
    ("sort.Strings", &[&[]]),
    ("sort.StringsAreSorted", &[&[]]),
    ("strconv.Atoi", &[&[]]),
    ("strconv.ParseBool", &[&[]]),
    ("strconv.ParseFloat", &[&[], &[]]),
    ("strconv.ParseInt", &[&[], &[], &[]]),
    ("strconv.ParseUint", &[&[], &[], &[]]),
    ("strings.(*Builder).Grow", &[&[], &[]]),
    ("strings.(*Builder).Write", &[&[CONTENT], &[]]),
    ("strings.(*Builder).WriteByte", &[&[CONTENT], &[]]),
    ("strings.(*Builder).WriteRune", &[&[CONTENT], &[]]),
    ("strings.(*Builder).WriteString", &[&[CONTENT], &[]]),
    ("strings.(*Replacer).Replace", &[&[HEAP], &[HEAP]]),
    ("strings.(*Replacer).WriteString", &[&[HEAP], &[HEAP], &[HEAP]]),
    ("strings.Compare", &[&[HEAP], &[HEAP]]),
    ("sync.(*Pool).Get", &[&[HEAP]]),
    ("sync/atomic.(*Value).CompareAndSwap", &[&[HEAP], &[], &[HEAP]]),
    ("sync/atomic.(*Value).Load", &[&[HEAP]]),
    ("sync/atomic.(*Value).Store", &[&[HEAP], &[HEAP]]),
    ("sync/atomic.(*Value).Swap", &[&[HEAP], &[HEAP]]),
    ("time.(*Ticker).Reset", &[&[HEAP], &[]]),
    ("time.(*Ticker).Stop", &[&[HEAP]]),
    ("time.LoadLocation", &[&[HEAP]]),
    ("time.Parse", &[&[HEAP], &[]]),
    ("time.ParseDuration", &[&[HEAP]]),
    ("time.ParseInLocation", &[&[HEAP], &[], &[HEAP]]),
];

/// Replaces the leaks of a function's parameters by those that gc finds, if they differ.
pub(crate) fn adapt(name: &str, summaries: &mut [ParamSummary]) {
    let Ok(place) = FUNCTIONS.binary_search_by_key(&name, |(name, _)| name) else {
        return;
    };
    for (summary, leaks) in summaries.iter_mut().zip(FUNCTIONS[place].1) {
        summary.heap = None;
        summary.results.clear();
        for leak in *leaks {
            match *leak {
                Leak::Heap(derefs) => summary.heap = Some(derefs),
                Result(index, derefs) => {
                    summary.results.resize(index + 1, None);
                    summary.results[index] = Some(derefs);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_found_by_name() {
        assert!(FUNCTIONS.is_sorted_by_key(|(name, _)| name));
        let mut summaries = [ParamSummary::unknown(), ParamSummary::unknown()];
        adapt("strings.(*Builder).WriteString", &mut summaries);
        assert_eq!((summaries[0].heap, summaries[1].heap), (Some(1), None));
        let mut summaries = [ParamSummary::unknown()];
        adapt("os.(*File).Name", &mut summaries);
        assert_eq!(summaries[0].results, [Some(2)]);
    }
}
