using System.Globalization;
using System.Text;
using System.Text.Json;
using Involute.Host.Watching;
using Involute.Tests;
using Xunit;

namespace Involute.Host.Tests.Watching;

public sealed class CurveTableTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    private string Path => _folder.File("table.csv");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_page_gets_all_rows_at_first_then_only_new_ones_and_nothing_when_there_are_none()
    {
        var table = Table();
        File.WriteAllText(Path, "outer_step,other,loss\n1,9,0.5\n2,9,NaN\n3,9,0.25\n4,9,0.1234567");
        var (first, seen) = Read(table, null);
        File.AppendAllText(Path, "\n5,9,0.0625\n");
        var (second, seenThen) = Read(table, seen);
        var (third, _) = Read(table, seenThen);

        Assert.Equal("{\"t\":{\"from\":0,\"rowsEach\":1,\"x\":[1,2,3],\"y\":{\"loss\":[0.5,null,0.25]}}}", first);
        Assert.Equal("{\"t\":{\"from\":3,\"rowsEach\":1,\"x\":[4,5],\"y\":{\"loss\":[0.123457,0.0625]}}}", second);
        Assert.Equal("{}", third);
    }

    // A resume cuts the table and appends other rows: shorter, of the same length, or longer than what was read.
    [Theory]
    [InlineData("outer_step,other,loss\n1,9,0.5\n", "[1]")]
    [InlineData("outer_step,other,loss\n1,9,0.5\n2,9,0.7\n", "[1,2]")]
    [InlineData("outer_step,other,loss\n1,9,0.5\n2,9,0.7\n3,9,0.1\n", "[1,2,3]")]
    public void A_table_whose_rows_were_replaced_is_read_anew(string replaced, string steps)
    {
        var table = Table();
        File.WriteAllText(Path, "outer_step,other,loss\n1,9,0.5\n2,9,0.6\n");
        var (_, seen) = Read(table, null);
        File.WriteAllText(Path, replaced);
        var (then, _) = Read(table, seen);

        Assert.Contains($"\"from\":0,\"rowsEach\":1,\"x\":{steps}", then, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_of_other_shapes_are_left_out_and_a_table_may_come_later_and_go()
    {
        var table = Table();
        Assert.Equal("{\"t\":{\"from\":0,\"rowsEach\":1,\"x\":[],\"y\":{}}}", Read(table, null).Json);
        File.WriteAllText(Path, "outer_step,other,loss\n1,9\nx,9,1\n\n2,9,0.5,7\n3,9,0.5\n");
        var (there, seen) = Read(table, null);
        File.Delete(Path);
        var (gone, _) = Read(table, seen);

        Assert.Contains("\"x\":[3]", there, StringComparison.Ordinal);
        Assert.Contains("\"from\":0,\"rowsEach\":1,\"x\":[]", gone, StringComparison.Ordinal);
    }

    // What a page loads of a run of any length is bounded, and so is what the server keeps.
    [Fact]
    public void Of_many_rows_buckets_have_mean_and_range_and_the_newest_row_is_in_the_last()
    {
        const int Rows = 50_000;
        var text = new StringBuilder("outer_step,other,loss\n");
        for (var step = 1; step <= Rows; step++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{step},9,{(step % 100 == 50 ? 1000 : step % 2)}\n");
        }

        File.WriteAllText(Path, text.ToString());
        var table = Table();
        var (json, seen) = Read(table, null);
        var read = JsonDocument.Parse(json).RootElement.GetProperty("t");
        var x = read.GetProperty("x").EnumerateArray().Select(value => value.GetInt32()).ToList();

        Assert.InRange(x.Count, CurveBuckets.Most / 2, CurveBuckets.Most);
        Assert.Equal(Rows, x[^1]);
        Assert.Equal(64, read.GetProperty("rowsEach").GetInt32());
        Assert.All(read.GetProperty("low").GetProperty("loss").EnumerateArray(), value => Assert.Equal(0, value.GetDouble()));
        Assert.Equal(1000, read.GetProperty("high").GetProperty("loss").EnumerateArray().Max(value => value.GetDouble()));
        var mean = read.GetProperty("y").GetProperty("loss").EnumerateArray().Average(value => value.GetDouble());
        Assert.InRange(mean, 10.3, 10.7);

        File.AppendAllText(Path, $"{Rows + 1},9,0\n");
        Assert.Contains($"\"from\":{x.Count - 1},", Read(table, seen).Json, StringComparison.Ordinal);
    }

    private CurveTable Table() => new(Path, header => CurveColumn.Of(header, ["loss"], "loss"));

    private static (string Json, CurveTable.Seen Seen) Read(CurveTable table, CurveTable.Seen? seen)
    {
        table.Refresh();
        using var bytes = new MemoryStream();
        using var json = new Utf8JsonWriter(bytes);
        json.WriteStartObject();
        var then = table.Write(json, "t", seen);
        json.WriteEndObject();
        json.Flush();
        return (Encoding.UTF8.GetString(bytes.ToArray()), then);
    }
}
