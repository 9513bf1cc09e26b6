using System.Runtime.ExceptionServices;
using Involute.Reproduction.Parameters;
using Involute.Reproduction.Results;

namespace Involute.Reproduction.Runner;

/// <summary>Runs the published configurations of an experiment, or the one that the user has set.</summary>
internal static class ExperimentRunner
{
    /// <summary>Runs an experiment.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="settings">The user's settings, for a single configuration; none to run the published ones.</param>
    /// <param name="quick">A few configurations at sizes that take seconds.</param>
    /// <param name="onCase">Called for each configuration that is done.</param>
    public static Report Run(
        IExperiment experiment, IReadOnlyList<string> settings, bool quick, Action<string>? onCase = null)
    {
        var published = ParameterValues.Published(experiment.Parameters);
        var cases = settings.Count > 0 ? [new Case(string.Join(' ', settings))] : experiment.Cases(quick);
        ParameterValues[] parameters =
            [.. cases.Select(c => published.With(settings.Count > 0 ? settings : c.List))];
        Array.ForEach(parameters, experiment.Check);
        var outcomes = new CaseOutcome[cases.Count];

        // Each configuration is deterministic by itself; which of them run at once does not matter.
        InParallel(cases.Count, index =>
        {
            var outcome = experiment.Run(parameters[index]);
            Quantity[] judged = [.. outcome.Quantities.Select(cases[index].Judge)];
            outcomes[index] = new CaseOutcome(
                cases[index].Settings, parameters[index], outcome with { Quantities = judged });
            onCase?.Invoke(cases[index].Settings);
        });
        Quantity[] comparisons = settings.Count > 0 ? [] : [.. experiment.Compare(outcomes, quick)];
        return new Report(experiment, parameters[0], outcomes, comparisons);
    }

    // Throws the first failure itself, not an AggregateException.
    private static void InParallel(int count, Action<int> body)
    {
        try
        {
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, body);
        }
        catch (AggregateException several)
        {
            ExceptionDispatchInfo.Throw(several.Flatten().InnerExceptions[0]);
        }
    }
}
