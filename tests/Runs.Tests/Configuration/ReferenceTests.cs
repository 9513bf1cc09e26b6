using System.Text;
using Involute.Runs.Configuration;
using Involute.Tasks.Components;
using Involute.Tasks.Randomness;
using Xunit;

namespace Involute.Runs.Tests.Configuration;

public sealed class ReferenceTests
{
    [Fact]
    public void The_defaults_of_the_reference_read_back_as_the_defaults()
    {
        var text = ReferenceText.Write(KnownComponents.BuiltIn);
        var reference = ConfigurationSource.Parse(text, "reference.conf");
        foreach (var (kind, names) in ((HoconBlock)reference["defaults"]!).Entries)
        {
            foreach (var (name, options) in ((HoconBlock)names).Entries)
            {
                var component = KnownComponents.BuiltIn.Components.Single(
                    known => known.Kind.Block == kind && known.Name == name);
                Assert.Equal(component.Options.Select(option => option.Key), ((HoconBlock)options).Keys);
            }
        }

        var settings = text[..text.IndexOf("\ndefaults {", StringComparison.Ordinal)];
        var path = Path.Combine(Directory.CreateTempSubdirectory("involute-").FullName, "a.conf");
        File.WriteAllText(path, settings);
        Assert.Equal(ConfigurationLoader.Load([], []), ConfigurationLoader.Load([path], []));
    }

    [Fact]
    public void Every_component_and_option_is_explained_and_fits_its_own_range()
    {
        foreach (var component in KnownComponents.BuiltIn.Components)
        {
            Assert.InRange(component.Summary.Length, 10, 125);
            Assert.False(component.Summary.EndsWith('.'), component.ToString());
            Assert.Empty(component.Name is "plugin" or "mlp-regression" ? [] : component.Defaults().Check());
            Assert.All(component.Options, option => Assert.EndsWith(".", option.Explanation, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void The_defaults_that_go_with_a_component_are_others_than_those_of_all()
    {
        foreach (var optimizer in new[] { "mlp", "adafac-mlp" })
        {
            var effective = ConfigurationLoader.Load([], [$"involute.optimizer={optimizer}"]);
            var settings = effective.Settings.ToDictionary(setting => setting.Key, setting => setting.Value);
            var others = ConfigurationLoader.Load([], []).Settings.ToDictionary(
                setting => setting.Key, setting => setting.Value);
            foreach (var setting in Component.Of(effective.Optimizer.GetType()).RunDefaults)
            {
                Assert.Equal(setting.Value, settings[$"involute.{setting.Key}"]);
                Assert.NotEqual(
                    others.GetValueOrDefault($"involute.{setting.Key}"), settings[$"involute.{setting.Key}"]);
            }
        }
    }

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
