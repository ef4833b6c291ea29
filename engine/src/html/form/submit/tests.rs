//! Forms and what they send, by hand from the steps of the standard.

use super::*;
use crate::html::{ParserOptions, parse_document};

fn parse(page: &str) -> Document {
    let url = Url::parse("http://a.example/dir/page?old#f").expect("a valid URL");
    let options = ParserOptions { transport_charset: Some("utf-8".to_owned()), ..ParserOptions::default() };
    parse_document(url, page.as_bytes(), &options).0
}

fn by_id(document: &Document, id: &str) -> Option<NodeId> {
    document
        .elements()
        .find(|&n| document.element(n).and_then(|e| e.id()).is_some_and(|known| **known == *id))
}

/// What the first form sends when `#s` is used, if there is one: the URL, and the type and bytes of a body.
fn sent(page: &str) -> String {
    let document = parse(page);
    let form =
        document.elements().find(|&n| document.element(n).is_some_and(|e| e.is_html(&local_name!("form"))));
    let form = form.expect("a form");
    let Some(sent) = submit(&document, form, by_id(&document, "s"), (3, 4), &ControlStates::default()) else {
        return "nothing".to_owned();
    };
    let Some(body) = sent.body else { return sent.url.to_string() };
    let (content_type, bytes) = body.encode();
    format!("{} {} {}", sent.url, content_type.unwrap_or_default(), String::from_utf8_lossy(&bytes))
}

#[test]
fn entries_of_all_controls() {
    let cases = [
        ("<input name=a value='1 2'><input name=b value='ü&='>", "a=1+2&b=%C3%BC%26%3D"),
        ("<input value=x><input name='' value=x><input name=n>", "n="),
        (
            "<input type=checkbox name=a checked><input type=checkbox name=b><input type=radio name=c value=d checked>",
            "a=on&c=d",
        ),
        (
            "<input name=a disabled value=1><fieldset disabled><input name=b><legend><input name=c></legend></fieldset>",
            "c=",
        ),
        ("<fieldset disabled><p><legend><input name=b></legend></fieldset>", ""),
        ("<datalist><input name=a></datalist><input name=b value=1>", "b=1"),
        (
            "<button name=a value=1>x</button><button id=s name=b value=2>y</button><input type=submit name=c>",
            "b=2",
        ),
        (
            "<input type=submit id=s name=go value=Go><input type=reset name=r><input type=button name=q>",
            "go=Go",
        ),
        ("<input type=image id=s name=i><input type=image name=j>", "i.x=3&i.y=4"),
        ("<input type=image id=s>", "x=3&y=4"),
        (
            "<select name=a><option>one<option selected> two  words <option value=3>three</select>",
            "a=two+words",
        ),
        ("<select name=a><option disabled>one<option value=2>two</select>", "a=2"),
        ("<select name=a size=3><option>one</select>", ""),
        (
            "<select name=a multiple><option selected>x<option selected value=y>z<option selected disabled>w</select>",
            "a=x&a=y",
        ),
        ("<select name=a><option selected>x<option selected>y</select>", "a=y"),
        ("<select name=a><optgroup disabled><option>x</optgroup><option>y</select>", "a=y"),
        ("<textarea name=t>\n\na\nb</textarea>", "t=%0D%0Aa%0D%0Ab"),
        ("<input type=file name=f>", "f="),
        ("<input type=hidden name=_charset_ value=x>", "_charset_=UTF-8"),
        ("<input name=_charset_ value=x>", "_charset_=x"),
        (
            "<input name=q value=a dirname=q.dir><input name=r value='שלום' dirname=r.dir dir=auto>",
            "q=a&q.dir=ltr&r=%D7%A9%D7%9C%D7%95%D7%9D&r.dir=rtl",
        ),
        (
            "<input type=url name=u value=' http://x/ '><input type=number name=n value=x><input type=color name=c value=Red>",
            "u=http%3A%2F%2Fx%2F&n=&c=%23000000",
        ),
        ("<input type=range name=r max=11><input type=password name=p value='a\nb'>", "r=5.5&p=ab"),
        ("<object name=o></object><output name=p>x</output>", ""),
    ];
    for (controls, query) in cases {
        let expected = format!("http://a.example/x?{query}#y");
        assert_eq!(sent(&format!("<form action='/x?gone#y'>{controls}</form>")), expected, "{controls}");
    }
}

#[test]
fn where_it_goes_and_how() {
    let cases = [
        ("<form><input name=a value=1></form>", "http://a.example/dir/page?a=1#f"),
        ("<base href=/b/><form action=x><input name=a></form>", "http://a.example/b/x?a="),
        (
            "<form action=x><input name=a><button id=s formaction=/y formmethod=get>b</button></form>",
            "http://a.example/y?a=",
        ),
        (
            "<form action=x method=POST><input name=a value='1 2'></form>",
            "http://a.example/dir/x application/x-www-form-urlencoded a=1+2",
        ),
        (
            "<form method=post enctype=text/plain action=x><input name=a value='1 2'></form>",
            "http://a.example/dir/x text/plain a=1 2\r\n",
        ),
        (
            "<form method=post action=x><input name=a value=1><button id=s formenctype=text/plain>b</button></form>",
            "http://a.example/dir/x text/plain a=1\r\n",
        ),
        ("<form method=dialog action=x></form>", "nothing"),
        ("<form method=get action='javascript:1'></form>", "nothing"),
        ("<form action=x><button id=s disabled>b</button></form>", "nothing"),
        (
            "<form action=x accept-charset='nope iso-8859-1'><input name=a value='ü€'></form>",
            "http://a.example/dir/x?a=%FC%80",
        ),
        (
            "<form action=x accept-charset=koi8-r><input name=a value='ü'><input type=hidden name=_charset_></form>",
            "http://a.example/dir/x?a=%26%23252%3B&_charset_=KOI8-R",
        ),
    ];
    for (page, expected) in cases {
        assert_eq!(sent(page), expected, "{page}");
    }
    let multipart = sent(
        "<form method=post enctype=multipart/form-data action=x><input name='a\"b' value='1\n2'><input type=file name=f></form>",
    );
    assert!(multipart.contains(" multipart/form-data; boundary="), "{multipart}");
    assert!(multipart.contains("name=\"a%22b\"\r\n\r\n12\r\n"), "{multipart}");
    assert!(
        multipart.contains("name=\"f\"; filename=\"\"\r\nContent-Type: application/octet-stream\r\n\r\n\r\n"),
        "{multipart}"
    );
}

#[test]
fn whose_a_control_is() {
    let cases = [
        // By name, also from outside; a name that is no form's leaves it without one.
        ("<input form=f name=a><form id=f action=/x><input name=b><input name=c form=g></form>", "a=&b="),
        // As the parser has it: the form is closed by the table, its controls stay.
        ("<table><form id=f action=/x><tr><td><input name=a></table>", "a="),
        ("<form action=/x><div></form><input name=a></div>", "a="),
    ];
    for (page, query) in cases {
        assert_eq!(sent(page), format!("http://a.example/x?{query}"), "{page}");
    }
}

#[test]
fn typed_and_switched_by_the_user() {
    let document =
        parse("<form action=/x><input id=t name=t value=a><input id=c type=checkbox name=c checked></form>");
    let (text, check) = (by_id(&document, "t").expect("there"), by_id(&document, "c").expect("there"));
    let mut states = ControlStates::default();
    states.values.insert(text, "typed".to_owned());
    states.checked.insert(check, false);
    let sent = implicit_submission(&document, text, &states).expect("one field");
    assert_eq!(sent.url.as_str(), "http://a.example/x?t=typed");
    let two = parse("<form><input id=t><input></form>");
    assert_eq!(implicit_submission(&two, by_id(&two, "t").expect("there"), &states), None);
    let button = parse("<form action=/x><input id=t><input><button name=b value=1></button></form>");
    let sent = implicit_submission(&button, by_id(&button, "t").expect("there"), &states);
    assert_eq!(sent.expect("a button").url.as_str(), "http://a.example/x?b=1");
}
