using Involute.Host.Tests.CommandLine;
using Involute.Runs.Configuration;
using Involute.Tests;
using Xunit;

namespace Involute.InProcess.Tests;

/// <summary>
/// Every key of the configuration, as the schema and the descriptions of all components have them, with values of a wrong
/// kind, empty, huge and negative ones, null, a list and a block: one line with file, line and key, 64, nothing written. A
/// new option is tested without a change here.
/// </summary>
[Collection(nameof(Alone))]
[Trait("Speed", "slow")]
public sealed class EverySettingTests : IDisposable
{
    // A value that happens to be allowed: data that are not there, a server that does not answer, a task too large.
    private static readonly int[] Legal = [0, 64, 65, 69];

    private static readonly string[] Values =
    [
        "abc", "\"\"", "\" \"", "\"1\"", "1.5", "true", "-1", "-1e30", "0", "99999999999999999999", "1e999", "1e-999", "NaN",
        "[1, [2]]", "[abc]", "[-1]", "[99999999999999999999]", "[]", "{ a = 1 }", "{ a { b = 1 } }", "\"\\u0001\"",
        "\"\\ud800\"", "~/x", "/dev/null", "\"" + new string('x', 5000) + "\"", new string('9', 5000),
    ];

    private static readonly string[] NoValues = ["", "null"];

    // Lies below the settings that are tried.
    private const string Small =
        """
        involute {
          task = quadratic
          outer-steps = 1
          pairs = 2
          window = 2
          truncation = { schedule = constant, length = 4, offset = 0 }
          threads = 1
        }
        """;

    private readonly ScratchFolder _scratch = new();

    public EverySettingTests() => File.WriteAllText(_scratch.File("small.conf"), Small);

    public void Dispose() => _scratch.Dispose();

    /// <summary>Block (empty for the root), what chooses the component in it, and the key.</summary>
    public static TheoryData<string, string, string> Keys()
    {
        var table = new TheoryData<string, string, string>();
        foreach (var entry in ConfigurationSchema.Entries)
        {
            if (entry.Option is { } single)
            {
                table.Add("", "", single.Key);
            }

            foreach (var option in entry.Options)
            {
                table.Add(entry.Key, "", option.Key);
            }

            if (entry.Kind is not { } kind)
            {
                continue;
            }

            table.Add(entry.Key, "", kind.NameKey);
            foreach (var component in KnownComponents.BuiltIn.Of(kind))
            {
                foreach (var option in component.Options)
                {
                    table.Add(
                        option.Block?.Key ?? entry.Key, $"{kind.NameKey} = {component.Name}", option.Key);
                }
            }
        }

        return table;
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task A_wrong_value_is_answered_with_file_line_and_key(string block, string chosen, string key)
    {
        foreach (var value in NoValues)
        {
            var missing = await CheckAsync(block, chosen, key, value);
            missing.AssertAnswered(64);
            Assert.Contains(Place(block, key), missing.AllErrors, StringComparison.Ordinal);
        }

        var refused = 0;
        foreach (var value in Values)
        {
            var outcome = await CheckAsync(block, chosen, key, value);
            outcome.AssertAnswered(Legal);
            if (outcome.ExitCode == 64)
            {
                refused++;
                Assert.True(
                    outcome.AllErrors.Contains(Place(block, key), StringComparison.Ordinal)
                        || outcome.AllErrors.Contains($"tried.conf:3: involute.{block}.", StringComparison.Ordinal)
                        || outcome.AllErrors.Contains(": the settings: ", StringComparison.Ordinal)

                        // Its folder is read where the plan is made, which the key may come to in many ways.
                        || (chosen == "name = plugin"
                            && outcome.AllErrors.StartsWith("involute: run: plugin ", StringComparison.Ordinal)),
                    outcome.ToString());
            }
        }

        Assert.InRange(refused, 2, Values.Length);
    }

    private static string Place(string block, string key) =>
        $"tried.conf:5: involute.{(block.Length > 0 ? $"{block}." : "")}{key}";

    // The learner's check does all that a start does before it writes anything.
    private async Task<InvoluteOutcome> CheckAsync(string block, string chosen, string key, string value)
    {
        var setting = $"{key} = {value}";
        await File.WriteAllTextAsync(
            _scratch.File("tried.conf"),
            ConfigurationSchema.Entries.All(entry => entry.Key != block) && block.Length > 0
                ? $"involute {{ task {{ {chosen} }}\n  {block} {{\n\n\n    {setting}\n  }}\n}}\n"
            : block.Length > 0
                ? $"involute {{\n  {block} {{\n    {chosen}\n\n    {setting}\n  }}\n}}\n"
                : $"involute {{\n\n\n\n  {setting}\n}}\n",
            TestContext.Current.CancellationToken);
        var before = InProcess.Entries(_scratch.Path);
        var outcome = await InProcess.RunAsync(
            _scratch.Path,
            ["learner", "--check", "--name", "tried", "--config", "small.conf", "--config", "tried.conf"]);
        Assert.Equal(before, InProcess.Entries(_scratch.Path));
        return outcome;
    }
}
