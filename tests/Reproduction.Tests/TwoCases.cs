using Involute.Reproduction.Parameters;
using Involute.Reproduction.Results;

namespace Involute.Reproduction.Tests;

/// <summary>
/// An experiment whose first result is its parameter, and whose second is always the same; the second configuration is
/// not as published.
/// </summary>
internal sealed class TwoCases : IExperiment
{
    public string Name => "two-cases";

    public string Summary => "For tests.";

    public IReadOnlyList<Parameter> Parameters { get; } = [new WholeNumber("x", 1, 0, 10, "the result")];

    public IReadOnlyList<Case> Cases(bool quick) =>
        [new(""), new("x=2", ("value", _ => Expectation.Between(2.5, 3.5, "3")))];

    public Outcome Run(ParameterValues parameters) => Outcome.Of(
        new Quantity("value", parameters.Whole("x")), Quantity.Exact("constant", 7));

    public IEnumerable<Quantity> Compare(IReadOnlyList<CaseOutcome> cases, bool quick) =>
        [new Quantity("sum", cases.Sum(c => c.Outcome["value"]))];

    public Figure Draw(IReadOnlyList<CaseOutcome> cases) => new LinesFigure(Name, "nothing to see", "x", "y", []);
}
