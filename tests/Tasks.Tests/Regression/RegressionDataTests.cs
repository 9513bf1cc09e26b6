using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Involute.Tasks.Images;
using Involute.Tasks.Randomness;
using Involute.Tasks.Regression;
using Involute.Tasks.Unrolls;
using Xunit;

namespace Involute.Tasks.Tests.Regression;

public sealed class RegressionDataTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("involute-");

    public static TheoryData<string, string> BrokenCsv => new()
    {
        { "1,2\n3,x\n", ":2: column 2: 'x' is not a number; expected a finite number, at most 3.4e38 in size" },
        { "a,2\n3,4\n", ":1: column 1: 'a' is not a number; expected a finite number, at most 3.4e38 in size" },
        { "a,b\n3,\n", ":2: column 2: '' is not a number; expected a finite number, at most 3.4e38 in size" },
        { "1;2\n3;4\n", ":2: column 1: '3;4' is not a number; expected a finite number, at most 3.4e38 in size" },
        { "1,2\n\n3,4,5\n", ":3: a row of 3 cells; expected 2, as in line 1" },
        { "a,b,c\n3,4\n", ":2: a row of 2 cells; expected 3, as in line 1" },
        { "1,2\nNaN,4\n", ":2: column 1: 'NaN' is NaN; expected a finite number, at most 3.4e38 in size" },
        { "1,2\n3,-inf\n", ":2: column 2: '-inf' is an infinite number; expected a finite number, at most 3.4e38 in size" },
        { "1,2\n3,1e999\n", ":2: column 2: '1e999' is an infinite number; expected a finite number, at most 3.4e38 in size" },
        { "1,2\n-1e39,4\n", ":2: column 1: '-1e39' is a number beyond the range of float32; expected a finite number, at most 3.4e38 in size" },
        { "1,2\n3,\u0007" + new string('y', 50) + "\n", ":2: column 2: '?" + new string('y', 39) + "…' is not a number; expected a finite number, at most 3.4e38 in size" },
        { "a,b\n", ": no row of numbers; expected rows of numbers, their cells separated by commas" },
        { "\n\n", ": no row of numbers; expected rows of numbers, their cells separated by commas" },
        { "1\n2\n", ": no feature columns: 1 columns, and involute.task.targets is 1; expected at least 2 columns, features before targets" },
        { new string(',', 65_536), ":1: 65537 columns; expected at most 65536" },
    };

    public static TheoryData<string, string> BrokenNpy => new()
    {
        { "magic", ": it does not begin as an NPY file; expected the bytes \\x93NUMPY, or CSV under another name" },
        { "version", ": NPY version 3.0; expected version 1.0 or 2.0" },
        { "dtype", ": dtype '<i8'; expected '<f4' or '<f8' (float32, float64)" },
        { "structured", ": no simple dtype in the header; expected dtype '<f4' or '<f8' (float32, float64)" },
        { "big-endian", ": dtype '>f8'; expected '<f4' or '<f8' (float32, float64)" },
        { "order", ": Fortran order; expected C order (numpy.ascontiguousarray)" },
        { "dimensions", ": 3 dimensions; expected 2 (rows, columns)" },
        { "vector", ": 1 dimensions; expected 2 (rows, columns)" },
        { "empty", ": 0 x 2 elements; expected at least one row, and 1 to 65536 columns" },
        { "huge", ": 99999999999 x 2 elements; expected at least one row, and 1 to 65536 columns" },
        { "short", ": truncated: 25 bytes of elements; expected 32 bytes for 2 x 2 elements of 8 bytes" },
        { "long", ": 1 trailing bytes; expected 32 bytes for 2 x 2 elements of 8 bytes" },
        { "header", ": truncated after 40 bytes; expected a header that ends after 128" },
        { "start", ": truncated after 7 bytes; expected a whole NPY file" },
        { "length", ": truncated after 9 bytes; expected a whole NPY file" },
        { "nan", ": row 2, column 1: NaN; expected a finite number, at most 3.4e38 in size" },
        { "infinite", ": row 2, column 2: an infinite number; expected a finite number, at most 3.4e38 in size" },
        { "columns", ": no feature columns: 2 columns, and involute.task.targets is 2; expected at least 3 columns, features before targets" },
    };

    /// <summary>A table as NumPy saves it.</summary>
    internal static byte[] Npy(
        int rows, int columns, double[] values, bool isDouble = true, byte version = 1, string? header = null)
    {
        header ??= $"{{'descr': '{(isDouble ? "<f8" : "<f4")}', 'fortran_order': False, 'shape': ({rows}, {columns}), }}";
        var start = version == 1 ? 10 : 12;
        var padded = (header.PadRight(128 - start - 1) + "\n");
        var bytes = new byte[start + padded.Length + (values.Length * (isDouble ? 8 : 4))];
        byte[] magic = [0x93, .. "NUMPY"u8, version, 0];
        magic.CopyTo(bytes, 0);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), (ushort)padded.Length);
        Encoding.Latin1.GetBytes(padded).CopyTo(bytes, start);
        var elements = bytes.AsSpan(start + padded.Length);
        for (var i = 0; i < values.Length; i++)
        {
            if (isDouble)
            {
                BinaryPrimitives.WriteDoubleLittleEndian(elements[(8 * i)..], values[i]);
            }
            else
            {
                BinaryPrimitives.WriteSingleLittleEndian(elements[(4 * i)..], (float)values[i]);
            }
        }

        return bytes;
    }

    /// <summary>A table as text, each number so that it reads back as the same.</summary>
    internal static string Csv(int columns, double[] values, string header = "")
    {
        var text = new StringBuilder(header);
        for (var i = 0; i < values.Length; i++)
        {
            text.Append(values[i].ToString("R", CultureInfo.InvariantCulture)).Append(
                (i + 1) % columns == 0 ? '\n' : ',');
        }

        return text.ToString();
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(BrokenCsv))]
    public void A_broken_csv_file_is_refused_in_one_line(string text, string message)
    {
        var path = Written("a.csv", Encoding.UTF8.GetBytes(text));
        var error = Assert.Throws<DataFormatException>(() => RegressionData.Load(path, 1, standardise: true));
        Assert.Equal(path + message, error.Message);
    }

    [Theory]
    [MemberData(nameof(BrokenNpy))]
    public void A_broken_npy_file_is_refused_in_one_line(string damage, string message)
    {
        double[] values = [1, 2, 3, 4];
        var whole = Npy(2, 2, values);
        byte[] bytes = damage switch
        {
            "magic" => [.. "1,2\n3,4\n"u8],
            "version" => Npy(2, 2, values, version: 3),
            "dtype" => With("'descr': '<i8', 'fortran_order': False, 'shape': (2, 2)"),
            "structured" => With("'descr': [('x', '<f8')], 'fortran_order': False, 'shape': (2, 2)"),
            "big-endian" => With("'descr': '>f8', 'fortran_order': False, 'shape': (2, 2)"),
            "order" => With("'descr': '<f8', 'fortran_order': True, 'shape': (2, 2)"),
            "dimensions" => With("'descr': '<f8', 'fortran_order': False, 'shape': (2, 2, 1)"),
            "vector" => With("'descr': '<f8', 'fortran_order': False, 'shape': (4,)"),
            "empty" => With("'descr': '<f8', 'fortran_order': False, 'shape': (0, 2)"),
            "huge" => With("'descr': '<f8', 'fortran_order': False, 'shape': (99999999999, 2)"),
            "short" => whole[..^7],
            "long" => [.. whole, 0],
            "header" => whole[..40],
            "start" => whole[..7],
            "length" => whole[..9],
            "nan" => Npy(2, 2, [1, 2, double.NaN, 4]),
            "infinite" => Npy(2, 2, [1, 2, 3, double.PositiveInfinity], isDouble: false),
            _ => whole,
        };
        var path = Written("a.npy", bytes);
        var error = Assert.Throws<DataFormatException>(
            () => RegressionData.Load(path, damage == "columns" ? 2 : 1, standardise: true));
        Assert.Equal(path + message, error.Message);

        byte[] With(string entries) => Npy(2, 2, values, header: $"{{{entries}, }}");
    }

    [Fact]
    public void A_file_that_is_missing_or_above_one_gibibyte_is_refused_in_one_line()
    {
        var missing = Path.Combine(_folder.FullName, "none.csv");
        var error = Assert.Throws<DataFormatException>(() => RegressionData.Load(missing, 1, standardise: true));
        Assert.StartsWith($"{missing}: cannot be read (", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("; expected a CSV or NPY file", error.Message, StringComparison.Ordinal);

        var large = Written("large.csv", []);
        using (var file = File.OpenWrite(large))
        {
            file.SetLength((1L << 30) + 1);
        }

        error = Assert.Throws<DataFormatException>(() => RegressionData.Load(large, 1, standardise: true));
        Assert.Equal($"{large}: 1073741825 bytes; expected at most 1073741824 (1 GiB)", error.Message);
    }

    [Fact]
    public void Csv_and_npy_of_the_same_numbers_are_the_same_data()
    {
        // Multiples of 1/256, which float32 has too.
        var values = Enumerable.Range(0, 300).Select(i => ((i * 37 % 101) - 50) / 256.0).ToArray();
        var expected = Contents(new RegressionData(3, values, 1, standardise: true));
        var files = new Dictionary<string, byte[]>
        {
            ["plain.csv"] = Encoding.UTF8.GetBytes(Csv(3, values)),
            ["named.csv"] = Encoding.UTF8.GetBytes("\uFEFF" + Csv(3, values, "x,\"a, b\",y\n")),
            ["windows.csv"] = Encoding.UTF8.GetBytes(
                Csv(3, values).ReplaceLineEndings("\r\n").Replace(",", " , ", StringComparison.Ordinal)),
            ["quoted.csv"] = Encoding.UTF8.GetBytes("\"" + Csv(3, values).TrimEnd().Replace(
                ",", "\",\"", StringComparison.Ordinal)
                .Replace("\n", "\"\n\n\"", StringComparison.Ordinal) + "\""),
            ["double.npy"] = Npy(100, 3, values),
            ["single.npy"] = Npy(100, 3, values, isDouble: false),
            ["second.npy"] = Npy(100, 3, values, version: 2),
            ["other-name"] = Npy(100, 3, values),
        };
        foreach (var (name, bytes) in files)
        {
            Assert.Equal(expected, Contents(RegressionData.Load(Written(name, bytes), 1, standardise: true)));
        }
    }

    [Theory]
    [InlineData(45)]
    [InlineData(1000)]
    [InlineData(3001)]
    public void Splits_are_disjoint_whole_and_the_same_each_time_and_do_not_follow_the_file(int rows)
    {
        // A sorted file: the row's number is its feature.
        var values = Enumerable.Range(0, rows).SelectMany(row => new double[] { row, -row }).ToArray();
        var data = new RegressionData(2, values, 1, standardise: false);
        var held = rows / 15;
        Assert.Equal(
            [rows - (3 * held), held, held, held], Enum.GetValues<DataSplit>().Select(split => data.Count(split)));
        Assert.Equal(held, data.SmallestSplit);
        var all = Enum.GetValues<DataSplit>().SelectMany(split => data.FeaturesOf(split).ToArray()).ToArray();
        Assert.Equal(Enumerable.Range(0, rows).Select(row => (float)row), all.Order());
        Assert.Equal(Contents(data), Contents(new RegressionData(2, values, 1, standardise: false)));
        foreach (var split in Enum.GetValues<DataSplit>())
        {
            var features = data.FeaturesOf(split).ToArray();
            Assert.Equal(features.Select(x => -x), data.TargetsOf(split).ToArray());

            // The mean of a uniform sample, within five standard errors.
            var error = rows / Math.Sqrt(12 * features.Length);
            Assert.InRange(features.Average(), ((rows - 1) / 2.0) - (5 * error), ((rows - 1) / 2.0) + (5 * error));
        }
    }

    [Fact]
    public void Columns_are_standardised_by_the_training_rows_and_constant_ones_are_shifted()
    {
        var numbers = new float[3000];
        new CounterStream(5, 0, 0, 0, RandomStream.InnerNoise).FillNormal(numbers.AsSpan());
        var values = Enumerable.Range(0, 1000)
            .SelectMany(row => new[] { 1.7e9 + numbers[3 * row], 0.1, 1e30 * (3 + numbers[(3 * row) + 1]) }).ToArray();
        var data = new RegressionData(3, values, 1, standardise: true);
        var features = data.FeaturesOf(DataSplit.Train).ToArray();
        foreach (var column in new[] { features.Where((_, i) => i % 2 == 0).ToArray(), data.TargetsOf(DataSplit.Train).ToArray() })
        {
            Assert.Equal(0, column.Average(), 1e-5);
            Assert.Equal(1, column.Average(x => (double)x * x), 1e-5);
        }

        Assert.All(features.Where((_, i) => i % 2 == 1), x => Assert.Equal(0, x));
        Assert.Equal(1, data.ConstantLoss(RegressionLoss.Squared), 1e-5);

        // E|z| of a normal z is √(2/π).
        Assert.Equal(0.7979, data.ConstantLoss(RegressionLoss.Absolute), 0.05);
        var constant = new RegressionData(2, Enumerable.Repeat(0.1, 60).ToArray(), 1, standardise: true);
        Assert.Equal(1, constant.ConstantLoss(RegressionLoss.Squared));
    }

    private static float[] Contents(RegressionData data) =>
        [.. Enum.GetValues<DataSplit>().SelectMany(
            split => data.FeaturesOf(split).ToArray().Concat(data.TargetsOf(split).ToArray()))];

    private string Written(string name, byte[] bytes)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
