namespace Involute.Reproduction.Results;

/// <summary>One number of an experiment.</summary>
/// <param name="Name">Its name, as in the JSON.</param>
/// <param name="Value">The value that this program has got.</param>
/// <param name="StandardError">Its standard error; 0 if the value is exact, null if it is one run's outcome.</param>
/// <param name="Expected">What it should be; null where that is not known.</param>
internal sealed record Quantity(string Name, double Value, double? StandardError = null, Expectation? Expected = null)
{
    /// <summary>Whether it is as expected; null where that is not known.</summary>
    public bool? IsInside => Expected is { IsJudged: true } expected ? expected.Holds(Value) : null;

    /// <summary>
    /// A mean, with its exact value if that is known; otherwise it is null or not a finite number.
    /// </summary>
    public static Quantity Mean(string name, double value, double standardError, double? exact) =>
        new(
            name, value, standardError,
            exact is { } e && double.IsFinite(e) ? Expectation.Mean(e, standardError) : null);

    /// <summary>The mean of several runs' outcomes, with its standard error.</summary>
    public static Quantity MeanOf(string name, IReadOnlyCollection<double> outcomes, Expectation? expected = null)
    {
        var mean = outcomes.Average();
        var squares = outcomes.Sum(value => (value - mean) * (value - mean));
        double? error = outcomes.Count > 1 ? Math.Sqrt(squares / (outcomes.Count - 1) / outcomes.Count) : null;
        return new Quantity(name, mean, error, expected);
    }

    /// <summary>A number that is computed, not sampled.</summary>
    public static Quantity Exact(string name, double value) => new(name, value, 0);
}

/// <summary>A line of a plot.</summary>
internal sealed record Curve(string Label, IReadOnlyList<double> X, IReadOnlyList<double> Y);

/// <summary>The results of a run of one configuration.</summary>
internal sealed record Outcome(IReadOnlyList<Quantity> Quantities, IReadOnlyList<Curve> Curves)
{
    /// <summary>Numbers without a plot.</summary>
    public static Outcome Of(params Quantity[] quantities) => new(quantities, []);

    /// <summary>The value of that name.</summary>
    public double this[string name] => Quantities.First(quantity => quantity.Name == name).Value;
}
