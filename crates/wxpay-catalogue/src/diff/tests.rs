use super::changelog;
use crate::model::Family;
use crate::read;

fn family(name: &str, text: &str) -> Family {
    let text = format!("protocol = 'v3'\nfamily = '{name}'\n{text}");
    read::family(&format!("v3/{name}.toml"), &text).unwrap()
}

const OLD: &str = "
[op.close]
method = 'POST'
path = '/v3/a/{id}/close'
request = 'O'
[op.close.params]
id = { in = 'path', type = 'string', max_len = 32 }
[op.gone]
method = 'GET'
path = '/v3/a'
label = '查询'
[object.O]
same = { type = 'string', label = '一' }
kind = { type = 'string' }
gone = { type = 'int' }
[enum.State]
values = ['OPEN', 'SHUT']
";

const NEW: &str = "
[op.close]
method = 'POST'
path = '/v3/a/{id}/close'
request = 'O'
effect = 'money'
[op.close.params]
id = { in = 'path', type = 'string', required = true, max_len = 64 }
[op.open]
method = 'PUT'
path = '/v3/a/{id}'
[op.open.params]
id = { in = 'path', type = 'string' }
[object.O]
same = { type = 'string', label = '一' }
kind = { type = 'int' }
more = { type = '[O]' }
[enum.State]
values = ['OPEN', 'AJAR']
";

#[test]
fn what_changed_is_told_product_by_product() {
    let found = changelog(
        &[family("a", OLD), family("b", OLD)],
        &[family("a", NEW), family("c", "")],
    );
    let wanted = "\
## v3/a

* changed: operation `close`: effect nothing → money
* changed: field `close.params.id`: required no → yes; max_len 32 → 64
* added: operation `open`, `PUT /v3/a/{id}`
* removed: operation `gone`, `GET /v3/a` 查询
* changed: field `O.kind`: type string → int
* added: field `O.more`, [O]
* removed: field `O.gone`, int
* added: values of `State`: `AJAR`
* removed: values of `State`: `SHUT`

## v3/b

* removed: the whole family, 2 operations
* removed: operation `close`, `POST /v3/a/{id}/close`
* removed: operation `gone`, `GET /v3/a` 查询

## v3/c

* added: the whole family, 0 operations

";
    assert_eq!(found, wanted);
}

#[test]
fn nothing_changed() {
    assert_eq!(changelog(&[family("a", OLD)], &[family("a", OLD)]), "");
}
