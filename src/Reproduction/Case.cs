using Involute.Reproduction.Parameters;
using Involute.Reproduction.Results;

namespace Involute.Reproduction;

/// <summary>One published configuration.</summary>
/// <param name="Settings">
/// How it differs from the experiment's defaults, as one would write it after <c>--set</c>, separated by blanks.
/// </param>
/// <param name="Published">Published values by the result's name; they replace the closed form.</param>
internal sealed record Case(string Settings, params (string Result, Func<Quantity, Expectation> Expect)[] Published)
{
    /// <summary>The settings one by one.</summary>
    public string[] List => Settings.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>A configuration whose result <c>mean</c> has a published expectation.</summary>
    public static Case WithMean(string settings, double mean) =>
        new(settings, ("mean", quantity => Expectation.Mean(mean, quantity.StandardError ?? 0)));

    /// <summary>The same configuration at another size.</summary>
    public Case At(string settings) => this with { Settings = $"{Settings} {settings}".Trim() };

    /// <summary>A quantity with its published expectation.</summary>
    public Quantity Judge(Quantity quantity) =>
        Array.Find(Published, entry => entry.Result == quantity.Name).Expect is { } expect
            ? quantity with { Expected = expect(quantity) }
            : quantity;
}

/// <summary>A configuration that was run.</summary>
/// <param name="Settings">See <see cref="Case"/>.</param>
/// <param name="Parameters">All values.</param>
/// <param name="Outcome">Its results.</param>
internal sealed record CaseOutcome(string Settings, ParameterValues Parameters, Outcome Outcome)
{
    /// <summary>Whether it has the experiment's own seed: figures draw one line for several seeds.</summary>
    public bool HasDefaultSeed => !Settings.Contains("seed=");
}
