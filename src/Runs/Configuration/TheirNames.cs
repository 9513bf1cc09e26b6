using Involute.Tasks.Components;

namespace Involute.Runs.Configuration;

/// <summary>Answers somebody who writes a name of google/learned_optimization with ours.</summary>
internal static class TheirNames
{
    /// <summary>" (google/learned_optimization's 'std' is involute.sigma)", or null if the word is no name over there.</summary>
    public static string? Hint(ComponentCatalogue catalogue, string? word)
    {
        var ours = word is null ? [] : Ours(catalogue, word).Distinct().ToArray();
        return ours.Length == 0
            ? null
            : $" (google/learned_optimization's {Excerpt.Quote(word!)} is {string.Join(" or ", ours)})";
    }

    private static IEnumerable<string> Ours(ComponentCatalogue catalogue, string word)
    {
        bool IsIt(string theirs) => string.Equals(
            theirs.Replace('_', '-'), word.Replace('_', '-'), StringComparison.OrdinalIgnoreCase);

        foreach (var option in ConfigurationSchema.Entries.Select(entry => entry.Option).OfType<OptionDescription>())
        {
            if (option.Theirs.Any(IsIt))
            {
                yield return $"{ConfigurationLayers.Root}.{option.Key}";
            }
        }

        foreach (var component in catalogue.Components)
        {
            if (component.Theirs.Any(IsIt))
            {
                yield return $"{ConfigurationLayers.Root}.{component.Kind.Block} = {component.Name}";
            }

            foreach (var option in component.Options)
            {
                if (option.Theirs.Any(IsIt))
                {
                    yield return $"{ConfigurationLayers.Root}.{component.Kind.Block}.{option.Key}";
                }
            }
        }
    }
}
