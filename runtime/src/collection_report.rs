//! What `minigo run -gcstats` prints on standard error when the program ends: cycles, stops, assists, and the heap by size
//! class; and the summary by type of a heap that is out of memory.
//!
//! Both look at a heap nobody allocates from: the world is frozen, or its end is claimed.

use std::fmt::Write as _;
use std::time::Duration;

use gc::{Census, SpanUse, Statistics, World as _};

use crate::image::Image;
use crate::instance::Instance;
use crate::safepoint::WorldView;

/// How many layouts the summary of a full heap names.
const SUMMARY_LINES: usize = 10;

/// How many types that look alike are named on one of its lines.
const NAMES: usize = 3;

/// Prints the report, if it was asked for. The world is frozen.
pub fn print(instance: &Instance) {
    if !instance.options.reports_collections {
        return;
    }
    if !instance.heap.is_collecting() {
        instance.heap.finish_sweep();
    }
    let mut world = WorldView::from_outside(instance);
    let statistics = instance.heap.statistics_of_stopped(&mut world);
    let census = instance.heap.census(&mut world);
    crate::fatal::write_error(&report(&statistics, &census));
}

/// What the heap is full of, by type, the most first; two lines at least. The program has ended.
pub fn heap_summary(instance: &Instance) -> String {
    let mut world = WorldView::from_outside(instance);
    world.visit_caches(&mut |_| {});
    let census = instance.heap.census(&mut world);
    let mut out = "heap by type:\n".to_owned();
    for &(layout, used) in census.layouts.iter().take(SUMMARY_LINES) {
        let names = type_names(&instance.image, &census, layout);
        let names = if names.is_empty() {
            census.describe(layout)
        } else {
            names
        };
        let _ = writeln!(
            out,
            "{:>9} {:>10} objects  {names}",
            bytes(used.object_bytes),
            used.objects,
        );
    }
    let rest = census.layouts.iter().skip(SUMMARY_LINES);
    let rest_bytes: u64 = rest.map(|(_, used)| used.object_bytes).sum();
    let _ = writeln!(out, "{:>9} in others", bytes(rest_bytes));
    out
}

/// The types whose values or arrays have this layout. Those that agree in size and pointers cannot be told apart.
fn type_names(image: &Image, census: &Census, layout: gc::layout::LayoutId) -> String {
    let values = image
        .types
        .iter()
        .filter(|ty| census.is_object_of(layout, &ty.descriptor))
        .map(|ty| ty.name.clone());
    let arrays = image
        .types
        .iter()
        .filter(|ty| census.is_array_of(layout, &ty.descriptor))
        .map(|ty| format!("[]{}", ty.name));
    // Types of the program say more than those the compiler needs.
    let mut names: Vec<String> = values.chain(arrays).collect();
    names.sort_by_key(|name| (!name.contains("main."), name.starts_with("[]")));
    names.dedup();
    let more = names.len().saturating_sub(NAMES);
    names.truncate(NAMES);
    let mut text = names.join(", ");
    if more > 0 {
        let _ = write!(text, " and {more} alike");
    }
    text
}

fn report(statistics: &Statistics, census: &Census) -> String {
    let mut out = String::new();
    let _ = writeln!(
        out,
        "gc: {} cycles, {} of them forced, {} of young objects only; {} of processor time, {:.1}% of what there was",
        statistics.num_gc,
        statistics.num_forced_gc,
        statistics.num_young_gc,
        time(statistics.gc_cpu),
        statistics.gc_cpu_fraction * 100.0,
    );
    let _ = writeln!(
        out,
        "gc: assists {}, of {} in all, the longest {}",
        statistics.assists,
        time(statistics.assist),
        time(statistics.longest_assist),
    );
    let pauses = &statistics.pauses;
    let _ = writeln!(
        out,
        "gc: stops {}, of {} in all; p50 {}, p99 {}, p99.9 {}, the longest {}",
        pauses.count(),
        time(Duration::from_nanos(statistics.pause_total_ns)),
        time(pauses.quantile(0.5)),
        time(pauses.quantile(0.99)),
        time(pauses.quantile(0.999)),
        time(pauses.max()),
    );
    let own = &statistics.own_pauses;
    let _ = writeln!(
        out,
        "gc: stops without what the system took of them: p99.9 {}, the longest {}",
        time(own.quantile(0.999)),
        time(own.max()),
    );
    for (bound, count) in pauses.classes() {
        let _ = writeln!(out, "  below {:>9} {count:>8}", time(bound));
    }
    let _ = writeln!(
        out,
        "heap: {} allocated by {} objects, {} now, next cycle at {}",
        bytes(statistics.total_alloc_bytes),
        statistics.mallocs,
        bytes(statistics.heap_alloc_bytes),
        bytes(statistics.next_gc_bytes),
    );
    let _ = writeln!(
        out,
        "  {:>9} {:>9} {:>10} {:>9} {:>9} {:>7}",
        "size", "spans", "objects", "used", "in spans", "unused"
    );
    let sizes = gc::size_class::SizeClass::all().map(|class| class.slot_size_bytes().to_string());
    for (size, used) in sizes.zip(&census.classes) {
        if used.spans > 0 {
            push_use(&mut out, &size, used);
        }
    }
    if census.large.spans > 0 {
        push_use(&mut out, "large", &census.large);
    }
    let total =
        census
            .classes
            .iter()
            .chain([&census.large])
            .fold(SpanUse::default(), |sum, used| SpanUse {
                spans: sum.spans + used.spans,
                span_bytes: sum.span_bytes + used.span_bytes,
                objects: sum.objects + used.objects,
                object_bytes: sum.object_bytes + used.object_bytes,
            });
    push_use(&mut out, "all", &total);
    out
}

fn push_use(out: &mut String, size: &str, used: &SpanUse) {
    let _ = writeln!(
        out,
        "  {size:>9} {:>9} {:>10} {:>9} {:>9} {:>6.1}%",
        used.spans,
        used.objects,
        bytes(used.object_bytes),
        bytes(used.span_bytes),
        used.fragmentation() * 100.0,
    );
}

/// Bytes with a unit, three digits or more.
fn bytes(count: u64) -> String {
    match count {
        u64::MAX => "never".to_owned(),
        0..0x400 => format!("{count} B"),
        0x400..0x10_0000 => format!("{:.1} KiB", count as f64 / 1024.0),
        0x10_0000..0x4000_0000 => format!("{:.1} MiB", count as f64 / f64::from(1 << 20)),
        _ => format!("{:.2} GiB", count as f64 / f64::from(1 << 30)),
    }
}

/// A duration with a unit.
fn time(duration: Duration) -> String {
    match duration.as_nanos() {
        0..10_000 => format!("{:.1} us", duration.as_secs_f64() * 1e6),
        10_000..1_000_000 => format!("{:.0} us", duration.as_secs_f64() * 1e6),
        1_000_000..10_000_000_000 => format!("{:.1} ms", duration.as_secs_f64() * 1e3),
        _ => format!("{:.1} s", duration.as_secs_f64()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_report_says_all_of_a_heap() {
        let heap =
            gc::Heap::new(gc::Options::default(), gc::layout::LayoutTable::new()).expect("memory");
        struct Nobody;
        impl gc::World for Nobody {
            fn stop(&mut self) -> gc::StopTimes {
                gc::StopTimes::since(std::time::Instant::now())
            }
            fn start(&mut self) {}
            fn visit_caches(&mut self, _visit: &mut dyn FnMut(&mut gc::Cache)) {}
            fn visit_roots(&mut self, _roots: &mut gc::RootVisitor<'_, '_>) {}
        }
        let mut census = heap.census(&mut Nobody);
        census.classes[1] = SpanUse {
            spans: 2,
            span_bytes: 16384,
            objects: 500,
            object_bytes: 12000,
        };
        census.large = SpanUse {
            spans: 1,
            span_bytes: 1 << 20,
            objects: 1,
            object_bytes: 1 << 20,
        };
        let mut statistics = Statistics {
            num_gc: 12,
            num_forced_gc: 2,
            num_young_gc: 7,
            gc_cpu: Duration::from_millis(35),
            gc_cpu_fraction: 0.0712,
            assists: 7,
            assist: Duration::from_micros(140),
            longest_assist: Duration::from_micros(21),
            pause_total_ns: 55_000,
            total_alloc_bytes: 3 << 30,
            mallocs: 100_000,
            heap_alloc_bytes: 1_060_576,
            next_gc_bytes: 4 << 20,
            ..Statistics::default()
        };
        for pause_us in [3, 12, 40] {
            statistics.pauses.add(Duration::from_micros(pause_us));
            statistics
                .own_pauses
                .add(Duration::from_micros(pause_us / 2));
        }
        assert_eq!(
            report(&statistics, &census),
            "gc: 12 cycles, 2 of them forced, 7 of young objects only; 35.0 ms of processor time, 7.1% of what there was\n\
             gc: assists 7, of 140 us in all, the longest 21 us\n\
             gc: stops 3, of 55 us in all; p50 12 us, p99 41 us, p99.9 41 us, the longest 40 us\n\
             gc: stops without what the system took of them: p99.9 20 us, the longest 20 us\n\
             \x20 below    3.1 us        1\n\
             \x20 below     12 us        1\n\
             \x20 below     41 us        1\n\
             heap: 3.00 GiB allocated by 100000 objects, 1.0 MiB now, next cycle at 4.0 MiB\n\
             \x20      size     spans    objects      used  in spans  unused\n\
             \x20        24         2        500  11.7 KiB  16.0 KiB   26.8%\n\
             \x20     large         1          1   1.0 MiB   1.0 MiB    0.0%\n\
             \x20       all         3        501   1.0 MiB   1.0 MiB    0.4%\n"
        );
    }
}
