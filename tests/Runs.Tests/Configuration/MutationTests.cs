using System.IO.Compression;
using System.Text;
using Involute.Runs.Configuration;
using Involute.Runs.Plugins;
using Involute.Tasks.Images;
using Involute.Tests;
using Xunit;

namespace Involute.Runs.Tests.Configuration;

/// <summary>
/// Configurations and data files with bytes changed, cut, doubled and swapped, from a fixed seed: each is read, or refused
/// with one line that is written for a user.
/// </summary>
[Trait("Speed", "slow")]
public sealed class MutationTests : IDisposable
{
    private const int Configurations = 6000;
    private const int DataFiles = 4000;
    private const int ImageFiles = 4000;

    private static readonly string[] Pieces =
    [
        "{", "}", "[", "]", "\"", "\"\"\"", "=", ":", ",", "\n", "\0", "#", "//", "$", "${x}", "include", "null", "-1", "1e400",
        "99999999999999999999", "NaN", "true", "off", "\uFEFF", "é", "\\u12", "+=", "akka { a = 1 }", "involute", ".",
        "[65536, 65536, 65536]", "'", "\t", "\r\n", "1e-400", "0x10", "1_000", "∞",
    ];

    private readonly Files _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Configurations_are_read_or_refused_with_one_line()
    {
        string[] sources =
        [
            ConfigurationLoader.Load([], []).ToHocon(),
            ConfigurationLoader.Load([], ["involute.optimizer=mlp", "akka.loglevel=INFO"]).ToHocon(),
            "involute { task { name = image-mlp, hidden = [8, 8] }, estimator = full-es\n truncation.schedule = constant }",
            "involute.task { name = mlp-regression, data-file = table.csv, hidden = [4] }\ninvolute.pairs = 4 # why",
        ];
        Assert.All(sources, source => ConfigurationLoader.Load([_files.Write(source)], []));
        var refused = 0;
        for (var i = 0; i < Configurations; i++)
        {
            var text = Mutation.Of(Encoding.UTF8.GetBytes(sources[i % sources.Length]), (uint)i, Pieces);
            var path = _files.Write(text);
            try
            {
                var configuration = ConfigurationLoader.Load([path], []);
                Assert.Equal(configuration, ConfigurationLoader.Parse(configuration.ToHocon(), "again"));
            }
            catch (Exception refusal) when (refusal is ConfigurationException or PluginException)
            {
                refused++;
                Expect(refusal, i, text);
            }
            catch (Exception other)
            {
                Assert.Fail($"mutation {i}: {other}\n{Encoding.UTF8.GetString(text)}");
            }
        }

        Assert.InRange(refused, Configurations / 2, Configurations - 1);
    }

    [Fact]
    public void Data_files_are_read_or_refused_with_one_line()
    {
        var csv = new StringBuilder("a,b,target\n");
        for (var row = 0; row < 40; row++)
        {
            csv.Append(System.Globalization.CultureInfo.InvariantCulture, $"{row},{row * 0.5},{-row}\n");
        }

        byte[][] sources = [Encoding.UTF8.GetBytes(csv.ToString()), Npy(40, 3)];
        var refused = 0;
        for (var i = 0; i < DataFiles; i++)
        {
            var bytes = Mutation.Of(sources[i % sources.Length], (uint)i, Pieces);
            var path = _files.Write(bytes, "table.csv");
            try
            {
                PlanFactory.Create(ConfigurationLoader.Load(
                    [], ["involute.task=mlp-regression", $"involute.task.data-file={path}", "involute.task.batch-size=2"]));
            }
            catch (Exception refusal) when (refusal is DataFormatException or ConfigurationException)
            {
                refused++;
                Expect(refusal, i, bytes);
            }
            catch (Exception other)
            {
                Assert.Fail($"mutation {i}: {other}\n{Convert.ToHexString(bytes)}");
            }
        }

        Assert.InRange(refused, DataFiles / 4, DataFiles - 1);
    }

    [Fact]
    public void Image_files_are_read_or_refused_with_one_line()
    {
        var images = Idx([60, 4, 4]);
        var labels = Idx([60]);
        (string Name, byte[] Bytes)[] whole =
        [
            ("train-images-idx3-ubyte", images), ("train-labels-idx1-ubyte", labels),
            ("t10k-images-idx3-ubyte.gz", Compressed(images)), ("t10k-labels-idx1-ubyte.gz", Compressed(labels)),
        ];
        Array.ForEach(whole, file => _files.Write(file.Bytes, file.Name));
        var configuration = ConfigurationLoader.Load(
            [],
            [
                "involute.task=image-mlp", $"involute.task.data-folder={_files.Folder}", "involute.task.batch-size=2",
                "involute.task.hidden=[2]",
            ]);
        PlanFactory.Create(configuration);
        var refused = 0;
        for (var i = 0; i < ImageFiles; i++)
        {
            var (name, bytes) = whole[i % whole.Length];
            var mutated = Mutation.Of(bytes, (uint)i);
            _files.Write(mutated, name);
            try
            {
                PlanFactory.Create(configuration);
            }
            catch (DataFormatException refusal)
            {
                refused++;
                Expect(refusal, i, mutated);
                Assert.StartsWith(_files.Folder, refusal.Message, StringComparison.Ordinal);
            }
            catch (Exception other)
            {
                Assert.Fail($"mutation {i} of {name}: {other}\n{Convert.ToHexString(mutated)}");
            }

            _files.Write(bytes, name);
        }

        Assert.InRange(refused, ImageFiles / 2, ImageFiles - 1);
    }

    private static void Expect(Exception refusal, int i, byte[] bytes)
    {
        Assert.False(
            refusal.Message.Contains('\n', StringComparison.Ordinal) || refusal.Message.Length is < 10 or > 2000,
            $"mutation {i}: {refusal.Message}\n{Convert.ToHexString(bytes)}");
    }

    private static byte[] Idx(int[] sizes)
    {
        List<byte> bytes = [0, 0, 8, (byte)sizes.Length, .. sizes.SelectMany(size => new byte[] { 0, 0, 0, (byte)size })];
        bytes.AddRange(Enumerable.Range(0, sizes.Aggregate((a, b) => a * b)).Select(i => (byte)(i % 10)));
        return [.. bytes];
    }

    private static byte[] Compressed(byte[] bytes)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return memory.ToArray();
    }

    private static byte[] Npy(int rows, int columns)
    {
        var header = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {columns}), }}";
        header = header.PadRight(117) + "\n";
        var stream = new MemoryStream();
        stream.Write([0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, (byte)(header.Length >> 8)]);
        stream.Write(Encoding.ASCII.GetBytes(header));
        for (var i = 0; i < rows * columns; i++)
        {
            stream.Write(BitConverter.GetBytes((float)i));
        }

        return stream.ToArray();
    }
}
