using Involute.Reproduction.Experiments;
using Involute.Runs.Configuration;

namespace Involute.Reproduction.Runner;

/// <summary>The experiments by name.</summary>
internal static class KnownExperiments
{
    /// <summary>The name that stands for all of them.</summary>
    public const string Every = "all";

    /// <summary>All, in the order in which <c>all</c> runs them.</summary>
    public static IReadOnlyList<IExperiment> All { get; } =
    [
        new SmoothedQuadraticExperiment(),
        new BiasVarianceExperiment(),
        new CommonNoiseExperiment(),
        new VarianceVsUnrollsExperiment(),
        new InfluenceBalancingExperiment(),
        new Toy2DExperiment(),
        new LorenzExperiment(),
    ];

    /// <summary>Names, for help and errors.</summary>
    public static IEnumerable<string> Names => All.Select(experiment => experiment.Name).Append(Every);

    /// <summary>The experiments of a name.</summary>
    /// <exception cref="ConfigurationException">There is none.</exception>
    public static IReadOnlyList<IExperiment> Of(string name)
    {
        IExperiment[] found = name == Every ? [.. All] : [.. All.Where(experiment => experiment.Name == name)];
        return found.Length > 0
            ? found
            : throw new ConfigurationException(
                SourcePosition.Of("reproduce"), "",
                $"unknown experiment {Excerpt.Quote(name)}{Spelling.Suggest(name, Names)}", string.Join(", ", Names));
    }
}
