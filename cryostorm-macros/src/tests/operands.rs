use super::{Instrument, assert_accepted, assert_refused};
use quote::quote;

#[test]
fn a_missing_comma_or_operator_is_reported_once() {
    assert_refused(
        Instrument::Traced,
        [
            (quote!(attributes(total = 1 2)), "expected a comma or an operator before `2`"),
            (quote!(attributes(total = a b)), "before `b`"),
            (quote!(attributes(total = a "x")), "before `\"x\"`"),
            (quote!(attributes(total = f(x) y)), "before `y`"),
            (quote!(attributes(total = a? b)), "before `b`"),
            (quote!(attributes(total = m![1] 2)), "before `2`"),
            (quote!(attributes(total = %a.b c d)), "before `c`"),
            (quote!(attributes(a = 1 b = 2)), "expected a comma before `b`"),
            (quote!(if = a b), "before `b`"),
            (quote!(context = a b), "before `b`"),
            (quote!(links = [a] b), "before `b`"),
            (quote!(error_type = |error| a b), "before `b`"),
            (quote!(ok(a = |value| a b)), "before `b`"),
            (quote!(name = "a" kind = Client), "expected a comma before `kind`"),
            (quote!(kind = Client name = "a"), "expected a comma before `name`"),
            (quote!(attributes(a = 1) name = "a"), "expected a comma before `name`"),
            (quote!(root tracer = "a"), "expected a comma before `tracer`"),
            (quote!(attributes(total 1 2)), "between a key and its value stands `=`"),
            (quote!(name "charge"), "`name` is not written like this: write `name = \"..\"`"),
        ],
    );
}

#[test]
fn expressions_are_accepted() {
    for expression in [
        quote!(match x {
            1 => "a",
            _ => "b",
        }),
        quote!(if a {
            b
        } else if let Some(c) = d {
            c
        } else {
            e
        }),
        quote!(if let A { b } | B { b } = c { b } else { 0 }),
        quote!(return),
        quote!(return 1),
        quote!(x as u64 as f64),
        quote!(x as *const u8 as usize),
        quote!(&x as &'static str),
        quote!(&x as &dyn Debug),
        quote!(f as for<'a> unsafe extern "C" fn(&'a u8) -> u8),
        quote!(move |a| a),
        quote!(async move { x.await }),
        quote!(&mut x),
        quote!(&raw const x),
        quote!(unsafe { x }),
        quote!(const { 1 }),
        quote!('a: loop {
            break 'a 1;
        }),
        quote!('a: { break 'a x }),
        quote!(Struct { a, ..b }),
        quote!(path::macro_name! { a b c }),
        quote!(vec![1; 2].len()),
        quote!(for x in y {}),
        quote!(while let Some(x) = y.next() {}),
        quote!(loop {}),
        quote!(r#type + r#"x"#.len()),
        quote!(<T as Trait<A, B>>::X),
        quote!(<[u8]>::len(&x)),
        quote!(f::<'a, &'static str, 3>(x)),
        quote!(b"x"),
        quote!(x.await?.y.0.1),
        quote!(x? - -1),
        quote!(a < b && c > d || !e),
        quote!(1..=2),
        quote!(x << 1 >> 2),
        quote!(
            #[allow(unused)]
            x
        ),
        quote!(self.x + Self::X + crate::X),
        quote!(|a: HashMap<A, B>, _| a),
        quote!(|a| -> HashMap<A, B> { a }),
        quote!(a || b | c),
        quote!(_ = x),
    ] {
        assert_accepted(
            Instrument::Traced,
            [
                quote!(if = #expression, name = "a"),
                quote!(attributes(a = #expression, b = ?#expression, c = 1), name = "a"),
            ],
        );
    }
}

#[test]
fn commas_of_expressions_do_not_separate() {
    assert_accepted(
        Instrument::Traced,
        [
            quote!(ok(a = ?|value: HashMap<A, B>| value, b = |value| value < 1, c = |value| value > 2)),
            quote!(attributes(a = return |b, c| b, d = e? < f, g = h > i, j = k << 1, l = m >> 2)),
            quote!(attributes(
                a = || || |b, c| b,
                d = b > <T as Trait<A, B>>::X,
                e = f | <T as Trait<A, B>>::X
            )),
            quote!(attributes(
                a = f::<fn() -> B, C>() < D,
                b = |c| -> Vec<B, C> { c },
                e = x < f,
                d = f::<fn(A) -> Vec<B>>(),
                g = 1
            )),
        ],
    );
}
