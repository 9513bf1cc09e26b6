using System.Text;
using Involute.Runs.Configuration;
using Involute.Runs.Plugins;
using Involute.Tasks.Images;
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
        var random = new Mutation(20261127);
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
            var text = random.Mutated(Encoding.UTF8.GetBytes(sources[i % sources.Length]), Pieces);
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
        var random = new Mutation(7);
        var csv = new StringBuilder("a,b,target\n");
        for (var row = 0; row < 40; row++)
        {
            csv.Append(System.Globalization.CultureInfo.InvariantCulture, $"{row},{row * 0.5},{-row}\n");
        }

        byte[][] sources = [Encoding.UTF8.GetBytes(csv.ToString()), Npy(40, 3)];
        var refused = 0;
        for (var i = 0; i < DataFiles; i++)
        {
            var bytes = random.Mutated(sources[i % sources.Length], Pieces);
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

    private static void Expect(Exception refusal, int i, byte[] bytes)
    {
        Assert.False(
            refusal.Message.Contains('\n', StringComparison.Ordinal) || refusal.Message.Length is < 10 or > 2000,
            $"mutation {i}: {refusal.Message}\n{Convert.ToHexString(bytes)}");
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

    /// <summary>Changes that depend on the seed alone: a linear congruential generator.</summary>
    private sealed class Mutation(ulong seed)
    {
        private ulong _state = seed;

        public byte[] Mutated(byte[] source, string[] pieces)
        {
            var bytes = source.ToList();
            for (var changes = 1 + Below(4); changes > 0 && bytes.Count > 0; changes--)
            {
                var at = Below(bytes.Count);
                switch (Below(7))
                {
                    case 0:
                        bytes[at] ^= (byte)(1 << Below(8));
                        break;
                    case 1:
                        bytes[at] = (byte)Below(256);
                        break;
                    case 2:
                        bytes.RemoveRange(at, Math.Min(1 + Below(20), bytes.Count - at));
                        break;
                    case 3:
                        bytes.InsertRange(at, bytes.GetRange(at, Math.Min(1 + Below(40), bytes.Count - at)));
                        break;
                    case 4:
                        bytes.RemoveRange(at, bytes.Count - at);
                        break;
                    default:
                        bytes.InsertRange(at, Encoding.UTF8.GetBytes(pieces[Below(pieces.Length)]));
                        break;
                }
            }

            return [.. bytes];
        }

        private int Below(int limit)
        {
            _state = unchecked((_state * 6364136223846793005) + 1442695040888963407);
            return (int)((_state >> 33) % (ulong)limit);
        }
    }
}
