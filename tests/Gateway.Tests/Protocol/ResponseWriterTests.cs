using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Orleans.Kms.Gateway.Protocol;

namespace Orleans.Kms.Gateway.Tests.Protocol;

public sealed class ResponseWriterTests
{
    [Fact]
    public void Json_is_compact_and_keeps_empty_lists() => Assert.Equal(
        """{"Keys":{"Key":[{"KeyId":"1"},{"KeyId":"2"}]},"None":{"Of":[]},"TotalCount":2,"Meta":{"A":"","B":"x"},"Blob":"+/8="}""", Json(WriteAll));

    [Fact]
    public void Xml_nests_as_json_does() => Assert.Equal(
        "<?xml version='1.0' encoding='UTF-8'?><TestResponse><Keys><Key><KeyId>1</KeyId></Key><Key><KeyId>2</KeyId></Key></Keys><None></None><TotalCount>2</TotalCount><Meta><A></A><B>x</B></Meta><Blob>+/8=</Blob></TestResponse>",
        Xml(WriteAll));

    [Fact]
    public void Truth_values_and_lists_of_texts()
    {
        Assert.Equal("""{"Value":true,"Other":false,"Usages":{"Usage":["a\\b","c"]},"None":{"Of":[]}}""", Json(Write));
        Assert.Equal("<Value>true</Value><Other>false</Other><Usages><Usage>a\\b</Usage><Usage>c</Usage></Usages><None></None>", Inner(Xml(Write)));

        static string Inner(string xml) => xml[(xml.IndexOf("<TestResponse>", StringComparison.Ordinal) + 14)..xml.IndexOf("</TestResponse>", StringComparison.Ordinal)];
        static void Write(ResponseWriter writer)
        {
            writer.Boolean("Value", true);
            writer.Boolean("Other", false);
            writer.BeginList("Usages", "Usage");
            writer.TextItem("Usage", "a\\b");
            writer.TextItem("Usage", "c");
            writer.EndList("Usages");
            writer.BeginList("None", "Of");
            writer.EndList("None");
        }
    }

    [Fact]
    public void Lists_without_a_wrapper()
    {
        Assert.Equal("""{"Of":[{"A":"1"},{"a":[1,{"b":null}],"c":"x"},{}],"None":[],"After":"x"}""", Json(Write));
        Assert.Equal(
            "<?xml version='1.0' encoding='UTF-8'?><TestResponse><Of><A>1</A></Of><Of><a>1</a><a><b></b></a><c>x</c></Of><Of></Of><After>x</After></TestResponse>", Xml(Write));

        static void Write(ResponseWriter writer)
        {
            writer.BeginArray("Of");
            writer.BeginItem("Of");
            writer.Text("A", "1");
            writer.EndItem("Of");
            writer.JsonItem("Of", """{"a":[1,{"b":null}],"c":"x"}"""u8);
            writer.JsonItem("Of", "{}"u8);
            writer.EndArray();
            writer.BeginArray("None");
            writer.EndArray();
            writer.Text("After", "x");
        }
    }

    [Theory]
    [InlineData("""{"a":"<\u0001\n\ud83d\ude00&"}""", "<a>&lt;\ufffd\n😀&amp;</a>")]
    [InlineData("""{"a":true,"b":-1.5e3,"c":"","d":[]}""", "<a>true</a><b>-1.5e3</b><c></c>")]
    [InlineData("""{"ACS::KMS::Key":["1","2"],"a b":"x","<":"y"}""", "<ACS_x003A__x003A_KMS_x003A__x003A_Key>1</ACS_x003A__x003A_KMS_x003A__x003A_Key><ACS_x003A__x003A_KMS_x003A__x003A_Key>2</ACS_x003A__x003A_KMS_x003A__x003A_Key><a_x0020_b>x</a_x0020_b><_x003C_>y</_x003C_>")]
    public void Json_becomes_xml_that_can_be_read_whatever_it_holds(string json, string expected)
    {
        var xml = Xml(w => w.JsonItem("E", Encoding.UTF8.GetBytes(json)));
        Assert.Equal($"<?xml version='1.0' encoding='UTF-8'?><TestResponse><E>{expected}</E></TestResponse>", xml);
        XDocument.Parse(xml);
    }

    [Theory]
    [InlineData("a+b/c<d>&'=", "a+b/c<d>&'=")]
    [InlineData("密钥 é 😀", "密钥 é 😀")]
    [InlineData("\"\\", "\\\"\\\\")]
    [InlineData("\b\f\n\r\t", "\\b\\f\\n\\r\\t")]
    [InlineData("\0\u001f\u007f", "\\u0000\\u001F\u007f")]
    public void Json_escapes_only_what_it_must(string text, string expected)
    {
        var json = Json(w => w.Text("T", text));
        Assert.Equal($$"""{"T":"{{expected}}"}""", json);
        Assert.Equal(text, JsonDocument.Parse(json).RootElement.GetProperty("T").GetString());
    }

    [Theory]
    [InlineData("a+b/c<d>&'=\"")]
    [InlineData("密钥 é 😀")]
    [InlineData("\n\r\t x ")]
    public void Xml_hands_texts_back_as_they_were(string text) =>
        Assert.Equal(text, XDocument.Parse(Xml(w => w.Text("T", text)), LoadOptions.PreserveWhitespace).Root!.Element("T")!.Value);

    [Theory]
    [InlineData("\0")]
    [InlineData("a\u001b")]
    [InlineData("\uffff")]
    public void Xml_refuses_what_it_cannot_carry(string text) =>
        Assert.Equal("InvalidParameter.Format", Assert.Throws<ApiException>(() => Xml(w => w.Text("T", text))).Code);

    [Fact]
    public void Long_texts_are_whole()
    {
        var text = string.Concat(Enumerable.Repeat("密\"x", 5000));
        Assert.Equal(text, JsonDocument.Parse(Json(w => w.Text("T", text))).RootElement.GetProperty("T").GetString());
    }

    [Fact]
    public void Times_have_whole_seconds_in_utc() => Assert.Equal(
        """{"T":"2019-07-04T13:14:15Z"}""", Json(w => w.Time("T", new DateTimeOffset(2019, 7, 4, 21, 14, 15, 999, TimeSpan.FromHours(8)))));

    private static void WriteAll(ResponseWriter w)
    {
        w.BeginList("Keys", "Key");
        foreach (var id in new[] { "1", "2" })
        {
            w.BeginItem("Key");
            w.Text("KeyId", id);
            w.EndItem("Key");
        }
        w.EndList("Keys");
        w.BeginList("None", "Of");
        w.EndList("None");
        w.Integer("TotalCount", 2);
        w.BeginObject("Meta");
        w.Text("A", "");
        w.Text("B", "x");
        w.EndObject("Meta");
        w.Bytes("Blob", [0xFB, 0xFF]);
    }

    private static string Json(Action<ResponseWriter> write) => Written(buffer => new JsonResponseWriter(buffer), write);

    private static string Xml(Action<ResponseWriter> write) => Written(buffer => new XmlResponseWriter(buffer), write);

    private static string Written(Func<ResponseBuffer, ResponseWriter> make, Action<ResponseWriter> write)
    {
        using var buffer = new ResponseBuffer();
        var writer = make(buffer);
        writer.Begin("TestResponse");
        write(writer);
        writer.End();
        return Encoding.UTF8.GetString(buffer.Written);
    }
}
