using System.Text.RegularExpressions;
using Involute.Runs.Configuration;
using Involute.Tasks.Components;
using Xunit;

namespace Involute.Host.Tests.Repository;

/// <summary>What docs/estimators.md calls an estimator, or an option, is what a run can be given.</summary>
public sealed partial class EstimatorNamesTests
{
    private static readonly ComponentCatalogue Known = ConfigurationLoader.Catalogue(plugin: null);

    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(SourceTree.Root, "docs", "estimators.md"));

    private static ComponentKind Estimators { get; } = Known.Components.Select(component => component.Kind)
        .First(kind => kind.Block == "estimator");

    [Fact]
    public void Every_name_of_an_estimator_is_known_and_every_estimator_is_named()
    {
        string[] offered = [.. Offered()];

        Assert.DoesNotContain(offered, name => Known.Find(Estimators, name) is null);
        Assert.Empty(Known.Of(Estimators).Where(component => !offered.Any(component.IsCalled)).Select(component => component.Name));
        Assert.True(offered.Length > 20, string.Join(", ", offered));
    }

    [Fact]
    public void Every_value_of_an_option_is_known()
    {
        var options = Known.Components.SelectMany(component => component.Options)
            .Concat(ConfigurationSchema.Entries.SelectMany(entry => entry.Option is { } option ? [option] : entry.Options))
            .ToLookup(option => option.Key);
        var settings = Lines.SelectMany(line => Setting().Matches(line))
            .Select(match => (Key: match.Groups["key"].Value.Split('.')[^1], Value: match.Groups["value"].Value)).ToArray();

        Assert.DoesNotContain(settings, setting => !options.Contains(setting.Key));
        Assert.DoesNotContain(settings, setting => options[setting.Key].All(option =>
            option.Words.Count > 0 && !option.Words.Select(word => word.Text).Contains(setting.Value)));
        Assert.True(settings.Length > 10);
    }

    // Those in headings, and in the first column of tables of estimators.
    private static IEnumerable<string> Offered()
    {
        var inTable = false;
        foreach (var line in Lines)
        {
            inTable = line.StartsWith('|') && (inTable || line.StartsWith("| estimator |", StringComparison.Ordinal));
            var offers = line.StartsWith("## ", StringComparison.Ordinal) ? line : inTable ? line.Split('|')[1] : "";
            foreach (var name in Code().Matches(offers).Select(match => match.Groups["code"].Value))
            {
                if (!name.Contains('=', StringComparison.Ordinal))
                {
                    yield return name;
                }
            }
        }
    }

    [GeneratedRegex("`(?<code>[^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex("`(?<key>[a-z][a-z.-]*) = (?<value>[a-z0-9-]+)`")]
    private static partial Regex Setting();
}
