using Involute.Reproduction.Parameters;
using Involute.Reproduction.Results;

namespace Involute.Reproduction;

/// <summary>All results of a run of an experiment.</summary>
/// <param name="Experiment">The experiment.</param>
/// <param name="Parameters">Values of the first configuration.</param>
/// <param name="Cases">The configurations, in order.</param>
/// <param name="Comparisons">Relations between them.</param>
internal sealed record Report(
    IExperiment Experiment, ParameterValues Parameters, IReadOnlyList<CaseOutcome> Cases,
    IReadOnlyList<Quantity> Comparisons)
{
    /// <summary>
    /// Every result under a unique name: the first configuration's are plain, the others' include their settings.
    /// </summary>
    public IEnumerable<(string Settings, string Name, Quantity Quantity)> Rows() =>
        Cases.SelectMany((c, i) => c.Outcome.Quantities.Select(
                quantity => (c.Settings, i == 0 ? quantity.Name : $"{quantity.Name}[{c.Settings}]", quantity)))
            .Concat(Comparisons.Select(quantity => ("all of the above", quantity.Name, quantity)));

    /// <summary>Whether no result is outside its expected range.</summary>
    public bool AllInside => Rows().All(row => row.Quantity.IsInside != false);
}
