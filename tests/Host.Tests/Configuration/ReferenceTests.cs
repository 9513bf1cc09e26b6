using System.Text;
using Involute.Hosting.Configuration;
using Involute.Tasks.Randomness;
using Xunit;

namespace Involute.Hosting.Tests.Configuration;

public sealed class ReferenceTests
{
    private static string Reference
    {
        get
        {
            using var stream = typeof(RunConfiguration).Assembly.GetManifestResourceStream("reference.conf")!;
            using var reader = new StreamReader(stream, Encoding.UTF8);
            return reader.ReadToEnd();
        }
    }

    [Fact]
    public void Every_key_of_the_reference_has_its_own_comment()
    {
        var before = "";
        var keys = 0;
        foreach (var line in Reference.Split('\n').Select(line => line.Trim()))
        {
            if (line.Length > 0 && line[0] is not ('#' or '}') && line is not ("involute {" or "defaults {" or "optimizer-defaults {"))
            {
                keys++;
                Assert.True(before.StartsWith('#'), $"no comment above '{line}'");
            }

            before = line;
        }

        Assert.True(keys > 50);
    }

    [Fact]
    public void The_reference_has_options_for_known_names_only()
    {
        var defaults = (HoconBlock)ConfigurationSource.Reference()["defaults"]!;
        foreach (var (block, names) in defaults.Entries)
        {
            var table = KnownNames.All.Single(table => table.Block == block);
            foreach (var (name, options) in ((HoconBlock)names).Entries)
            {
                Assert.Equal(table.Choices.Single(choice => choice.Name == name).Options, ((HoconBlock)options).Keys);
            }
        }
    }

    [Fact]
    public void The_reference_has_defaults_of_known_optimizers_that_differ_from_those_of_all()
    {
        var defaults = (HoconBlock)ConfigurationSource.Reference()[OptimizerDefaults.Root]!;
        Assert.Equal([KnownNames.Mlp, KnownNames.AdafacMlp], defaults.Keys);
        foreach (var (optimizer, block) in defaults.Entries)
        {
            var effective = ConfigurationLoader.Load([], [$"involute.optimizer={optimizer}"]);
            var settings = effective.Settings.ToDictionary(setting => setting.Key, setting => setting.Value);
            var others = ConfigurationLoader.Load([], []).Settings.ToDictionary(setting => setting.Key, setting => setting.Value);
            foreach (var (key, node) in Leaves("involute", (HoconBlock)block))
            {
                Assert.Equal(node.Text, settings[key]);
                Assert.NotEqual(others.GetValueOrDefault(key), settings[key]);
            }
        }
    }

    private static IEnumerable<(string Key, HoconScalar Value)> Leaves(string path, HoconBlock block) =>
        block.Entries.SelectMany(entry => entry.Value is HoconBlock inner
            ? Leaves($"{path}.{entry.Key}", inner)
            : [($"{path}.{entry.Key}", (HoconScalar)entry.Value)]);

    [Fact]
    public void Damaged_text_is_read_or_refused_and_nothing_else()
    {
        var original = Encoding.UTF8.GetBytes(
            ConfigurationLoader.Load([], ["involute.task=image-mlp", "akka={ a = [1, \"x\"] }"]).ToHocon()
            + "# {}[]\"\"\"\\=:,.${x} include // 1e400 \u2028\n");
        var refused = 0;
        for (var round = 0; round < 3000; round++)
        {
            var numbers = new CounterStream(1, (uint)round, 0, 0, RandomStream.InnerNoise);
            var damaged = Damage(original, numbers);
            try
            {
                ConfigurationLoader.Parse(Encoding.Latin1.GetString(damaged), "x");
            }
            catch (ConfigurationException exception)
            {
                refused++;
                Assert.DoesNotContain('\n', exception.Message);
                Assert.StartsWith("x", exception.Message, StringComparison.Ordinal);
            }
        }

        Assert.InRange(refused, 1000, 2999);
    }

    /// <summary>One to four edits: a byte becomes another byte of the text or any byte, or a stretch moves.</summary>
    private static byte[] Damage(byte[] original, CounterStream numbers)
    {
        var bytes = original.ToList();
        var edits = 1 + numbers.Integer(0, 4);
        for (var edit = 0u; edit < edits; edit++)
        {
            var at = numbers.Integer((8 * edit) + 1, bytes.Count);
            switch (numbers.Integer((8 * edit) + 2, 4))
            {
                case 0:
                    bytes[at] = (byte)numbers.Integer((8 * edit) + 3, 256);
                    break;
                case 1:
                    bytes[at] = bytes[numbers.Integer((8 * edit) + 3, bytes.Count)];
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(bytes.Count - at - 1, numbers.Integer((8 * edit) + 3, 40)));
                    break;
                default:
                    var length = Math.Min(bytes.Count - at, 1 + numbers.Integer((8 * edit) + 3, 40));
                    bytes.InsertRange(numbers.Integer((8 * edit) + 4, bytes.Count), bytes.GetRange(at, length));
                    break;
            }
        }

        return [.. bytes];
    }
}
