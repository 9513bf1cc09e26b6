using System.Globalization;
using System.Text.Json.Serialization;

namespace Involute.Hosting.Evaluation;

/// <summary>Who is better.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ComparisonOutcome>))]
public enum ComparisonOutcome
{
    /// <summary>The meta-trained optimizer, by more than two standard errors.</summary>
    [JsonStringEnumMemberName("better")]
    Better,

    /// <summary>The other, by more than two standard errors.</summary>
    [JsonStringEnumMemberName("worse")]
    Worse,

    /// <summary>The difference is within two standard errors, or both diverged, or there is only one trial.</summary>
    [JsonStringEnumMemberName("unclear")]
    Unclear,
}

/// <summary>The meta-trained optimizer against another on the same trajectories.</summary>
/// <param name="Measure">What was compared; lower is better.</param>
/// <param name="Against">The other.</param>
/// <param name="Difference">Mean over trials of meta-trained minus other; null when one of them diverged.</param>
/// <param name="Outcome">Who is better.</param>
public sealed record Comparison(string Measure, string Against, Statistic? Difference, ComparisonOutcome Outcome)
{
    /// <summary>What is compared, in sentences.</summary>
    [JsonIgnore]
    public string Subject { get; init; } = "the meta-trained optimizer";

    // About 95 % for many trials; for five it is a convention, and said as such.
    private const double ClearErrors = 2;

    /// <summary>Compares trial by trial, which takes out what the trials have in common.</summary>
    /// <param name="measure">What is compared.</param>
    /// <param name="against">Name of the other.</param>
    /// <param name="mine">One value per trial; NaN where it diverged.</param>
    /// <param name="theirs">Likewise.</param>
    public static Comparison Of(
        string measure, string against, IReadOnlyList<double> mine, IReadOnlyList<double> theirs)
    {
        var difference = Statistic.Of([.. mine.Zip(theirs, (a, b) => a - b)]);
        var outcome = difference switch
        {
            null => Finite(mine).CompareTo(Finite(theirs)) switch
            {
                > 0 => ComparisonOutcome.Better,
                < 0 => ComparisonOutcome.Worse,
                _ => ComparisonOutcome.Unclear,
            },
            { StandardError: null } => ComparisonOutcome.Unclear,
            { } d when Math.Abs(d.Mean) <= ClearErrors * d.StandardError => ComparisonOutcome.Unclear,
            { Mean: < 0 } => ComparisonOutcome.Better,
            _ => ComparisonOutcome.Worse,
        };
        return new Comparison(measure, against, difference, outcome);
    }

    /// <summary>One plain sentence.</summary>
    public override string ToString()
    {
        var verdict = Outcome switch
        {
            ComparisonOutcome.Better => "is BETTER than",
            ComparisonOutcome.Worse => "is WORSE than",
            _ => "does not clearly differ from",
        };
        var numbers = Difference switch
        {
            null => "one of them diverged",
            { StandardError: { } error } => string.Create(
                CultureInfo.InvariantCulture, $"difference {Difference.Mean:+0.0000;-0.0000} ± {error:F4}"),
            _ => string.Create(
                CultureInfo.InvariantCulture, $"difference {Difference.Mean:+0.0000;-0.0000}, one trial only"),
        };
        return $"{Measure}: {Subject} {verdict} {Against} ({numbers}).";
    }

    private static int Finite(IReadOnlyList<double> values) => values.Count(double.IsFinite);
}
