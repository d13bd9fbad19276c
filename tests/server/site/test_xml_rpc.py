"""The little of XML-RPC that pings need, as it comes from outside."""

import pytest

from server.site import xml_rpc
from server.site.xml_rpc import Call, XmlRpcError

BILLION_LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    b"<methodCall><methodName>&b;</methodName></methodCall>"
)
EXTERNAL = (
    b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    b"<methodCall><methodName>&x;</methodName></methodCall>"
)


def test_reads_texts_with_and_without_their_type() -> None:
    call = (
        b"<methodCall><methodName>weblogUpdates.ping</methodName><params>"
        b"<param><value>Films</value></param>"
        b"<param><value><string>http://a.example/</string></value></param>"
        b"<param><value><int>5</int></value></param></params></methodCall>"
    )
    assert xml_rpc.read_call(call) == Call("weblogUpdates.ping", ("Films", "http://a.example/", ""))


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"no xml", b"<html/>", BILLION_LAUGHS, EXTERNAL),
        b"<?xml version='1.0' encoding='utf-16'?><methodCall/>",
        b"<?xml version='1.0' encoding='x-unknown'?><methodCall/>",
        b"<methodCall><params>" + b"<param><value/></param>" * 10_000 + b"</params></methodCall>",
    ],
)
def test_refuses_everything_else(content: bytes) -> None:
    with pytest.raises(XmlRpcError):
        xml_rpc.read_call(content)


def test_an_answer_counts_only_if_it_says_that_nothing_went_wrong() -> None:
    assert xml_rpc.is_success(xml_rpc.write_answer("Thanks", is_error=False))
    assert not xml_rpc.is_success(xml_rpc.write_answer("No", is_error=True))
    assert not xml_rpc.is_success(b"<methodResponse><fault/></methodResponse>")
