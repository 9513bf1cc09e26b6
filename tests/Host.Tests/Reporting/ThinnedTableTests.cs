using System.Globalization;
using System.Text;
using Involute.Host.Reporting;
using Involute.Tests;
using Xunit;

namespace Involute.Host.Tests.Reporting;

/// <summary>What pictures are drawn from, of files of any length.</summary>
public sealed class ThinnedTableTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(ThinnedColumns.MostRows)]
    public void A_short_file_is_read_row_by_row(int rows)
    {
        var path = Write(rows);
        var (all, thinned) = (CsvTable.Read(path), CsvTable.ReadThinned(path, "loss", "outer_step", _ => true));

        Assert.False(thinned.IsThinned);
        Assert.Equal(all.Names, thinned.Names);
        Assert.All(all.Names, name => Assert.Equal(all[name], thinned[name]));
        Assert.Equal(1, thinned.RowsPerMean);
        Assert.Equal(all["outer_step"], thinned.Means.Along);
        Assert.Equal(all["loss"], thinned.Means.Averaged);
    }

    [Theory]
    [InlineData(ThinnedColumns.MostRows + 1)]
    [InlineData(10_000)]
    [InlineData(100_003)]
    public void A_long_one_keeps_its_ends_and_the_extremes_of_every_stretch(int rows)
    {
        var path = Write(rows);
        var (all, thinned) = (CsvTable.Read(path), CsvTable.ReadThinned(path, "loss", "outer_step", _ => true));

        Assert.True(thinned.IsThinned);
        Assert.InRange(thinned.Rows, ThinnedColumns.MostRows / 2, ThinnedColumns.MostRows);
        Assert.Equal((1, rows), (thinned["outer_step"][0], thinned["outer_step"][^1]));
        for (var i = 0; i < thinned.Rows; i += 2)
        {
            var (first, last) = ((int)thinned["outer_step"][i], (int)thinned["outer_step"][i + 1]);
            var stretch = all["loss"][(first - 1)..last];
            double[] kept = thinned["loss"][i..(i + 2)];
            Assert.Equal((stretch.Min(), stretch.Max()), (kept.Min(), kept.Max()));
            Assert.Equal(
                Array.IndexOf(stretch, stretch.Min()) <= Array.IndexOf(stretch, stretch.Max()), kept[0] == kept.Min());
        }

        // The mean of each stretch, in its middle.
        var (along, means) = thinned.Means;
        Assert.Equal(thinned.Rows / 2, means.Length);
        for (var i = 0; i < means.Length; i++)
        {
            var (first, last) = ((int)thinned["outer_step"][2 * i], (int)thinned["outer_step"][(2 * i) + 1]);
            Assert.True(i == means.Length - 1 || last - first + 1 == thinned.RowsPerMean);
            Assert.Equal(all["loss"][(first - 1)..last].Average(), means[i], 1e-12);
            Assert.Equal((first + last) / 2.0, along[i], 1e-9);
        }
    }

    [Theory]
    [InlineData(10)]
    [InlineData(10_000)]
    public void Of_a_table_only_the_columns_that_are_wanted_are_kept(int rows)
    {
        var path = Write(rows);
        var (all, thinned) = (CsvTable.ReadThinned(path, "loss", "outer_step", _ => true), CsvTable.ReadThinned(path, "loss", "outer_step", _ => false));

        Assert.Empty(thinned.Names);
        Assert.Equal(all.Means.Averaged, thinned.Means.Averaged);
        Assert.Equal(all.Means.Along, thinned.Means.Along);
        Assert.Equal(
            all["loss"], CsvTable.ReadThinned(path, "outer_step", "outer_step", name => name == "loss")["loss"]);
    }

    [Fact]
    public void What_is_no_number_gives_way_to_what_is_one()
    {
        var columns = new ThinnedColumns(2);
        for (var row = 0; row < 3 * ThinnedColumns.MostRows; row++)
        {
            columns.Add([row, row % 4 == 1 ? row : double.NaN]);
        }

        Assert.DoesNotContain(double.NaN, columns.Column(1));
    }

    [Fact]
    public void The_end_of_a_file_is_read_without_what_stands_before()
    {
        var path = Write(1000);
        var end = CsvTable.Read(path, lastBytes: 400);

        Assert.InRange(end.Rows, 5, 100);
        Assert.Equal(CsvTable.Read(path)["outer_step"][^end.Rows..], end["outer_step"]);
    }

    [Fact]
    public void Rows_that_are_torn_or_odd_are_left_out_and_a_file_without_lines_is_no_table()
    {
        var path = _folder.File("odd.csv");
        File.WriteAllText(path, "outer_step,loss\n1,2\nx\n\n2,3,4\n3,nothing\n4,5");
        Assert.Equal([1, 3], CsvTable.Read(path)["outer_step"]);
        Assert.Equal([2, double.NaN], CsvTable.Read(path)["loss"]);

        File.WriteAllBytes(path, new byte[3 << 20]);
        Assert.Equal(0, CsvTable.ReadThinned(path, "loss", "outer_step", _ => true).Rows);
    }

    private string Write(int rows)
    {
        var text = new StringBuilder("outer_step,loss\n");
        for (var row = 1; row <= rows; row++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{row},{(row * 7919L % 10007) / 10007.0}\n");
        }

        var path = _folder.File("table.csv");
        File.WriteAllText(path, text.ToString());
        return path;
    }
}
