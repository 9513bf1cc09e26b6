using Involute.Tasks.Components;

namespace Involute.Runs.Configuration;

/// <summary>Answers somebody who writes a name of google/learned_optimization with ours.</summary>
internal static class TheirNames
{
    private const string System = "google/learned_optimization's";

    private const string Perceptrons = "ImageMLP_";

    // Of things that have no counterpart: how a step is compiled, on how many devices, how stale a gradient may be.
    private static readonly string[] Without =
    [
        "steps_per_jit", "stack_antithetic_samples", "num_devices", "replicate_data_across_devices", "staleness",
        "trainer_batch_size", "VectorizedLOptTruncatedStep", "GradientLearner", "SingleMachineGradientLearner",
        "AsyncLearner", "PESWorkerState", "MLPLOptV2", "RNNMLPLOpt", "HyperV2",
    ];

    // Of tasks that have no counterpart: convolutions, recurrent networks, language models and the rest.
    private static readonly string[] TasksWithout =
        ["Conv_", "RNNLM_", "TransformerLM_", "ImageMLPAE_", "ImageMLPVAE_", "ImageConv", "ResNet_", "VIT_"];

    /// <summary>
    /// " (google/learned_optimization's 'std' is involute.sigma)", or null if the word is no name over there.
    /// </summary>
    public static string? Hint(ComponentCatalogue catalogue, string? word)
    {
        if (word is null)
        {
            return null;
        }

        var ours = Ours(catalogue, word).Distinct().ToArray();
        return ours.Length > 0 ? $" ({System} {Excerpt.Quote(word)} is {string.Join(" or ", ours)})"
            : HasPrefix(Perceptrons)
                ? $" ({System} {Excerpt.Quote(word)} is involute.task = image-mlp with these sizes and your IDX files)"
            : AreEqual(Without, word) || TasksWithout.Any(HasPrefix)
                ? $" ({System} {Excerpt.Quote(word)} has no counterpart here)"
            : null;

        bool HasPrefix(string prefix) => word.StartsWith(prefix, StringComparison.OrdinalIgnoreCase);
    }

    private static IEnumerable<string> Ours(ComponentCatalogue catalogue, string word) =>
        ConfigurationSchema.Entries
            .Where(entry => AreEqual(entry.Block?.Theirs ?? [], word))
            .Select(entry => $"{ConfigurationLayers.Root}.{entry.Key}")
            .Concat(ConfigurationSchema.Entries.Where(entry => entry.Option is not null)
                .SelectMany(entry => Of(entry.Option!, ConfigurationLayers.Root, word)))
            .Concat(catalogue.Components.SelectMany(component => Of(component, word)));

    private static IEnumerable<string> Of(Component component, string word)
    {
        var block = $"{ConfigurationLayers.Root}.{component.Kind.Block}";
        return component.Options.SelectMany(option => Of(option, block, word))
            .Concat(AreEqual(component.Theirs, word) ? [$"{block} = {component.Name}"] : []);
    }

    private static IEnumerable<string> Of(OptionDescription option, string block, string word)
    {
        if (AreEqual(option.Theirs, word))
        {
            yield return $"{block}.{option.Key}";
        }

        foreach (var known in option.Words.Where(known => AreEqual(known.Theirs, word)))
        {
            yield return $"{block}.{option.Key} = {known.Text}";
        }
    }

    // A key is often written with our hyphens already.
    private static bool AreEqual(IReadOnlyList<string> theirs, string word) => theirs.Any(name => string.Equals(
        name.Replace('_', '-'), word.Replace('_', '-'), StringComparison.OrdinalIgnoreCase));
}
