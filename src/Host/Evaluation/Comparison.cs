using System.Text.Json.Serialization;

namespace Involute.Host.Evaluation;

/// <summary>Which of the two is better.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ComparisonOutcome>))]
internal enum ComparisonOutcome
{
    /// <summary>The meta-trained optimizer, with 95 % confidence (Student's t over trials).</summary>
    [JsonStringEnumMemberName("better")]
    Better,

    /// <summary>The other, with 95 % confidence (Student's t over trials).</summary>
    [JsonStringEnumMemberName("worse")]
    Worse,

    /// <summary>No such confidence, or both diverged, or there is only one trial.</summary>
    [JsonStringEnumMemberName("unclear")]
    Unclear,
}

/// <summary>The meta-trained optimizer against another on the same trajectories.</summary>
/// <param name="Measure">What was compared; lower is better.</param>
/// <param name="Against">The other.</param>
/// <param name="Difference">Mean over trials of meta-trained minus other; null when one of them diverged.</param>
/// <param name="Outcome">Which of the two is better.</param>
internal sealed record Comparison(string Measure, string Against, Statistic? Difference, ComparisonOutcome Outcome)
{
    // Student's t, two-sided 95 %, for 1, 2, … degrees of freedom: with few trials the standard error itself is
    // uncertain.
    private static readonly double[] ClearErrors =
    [
        12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23,
        2.20, 2.18, 2.16, 2.14, 2.13, 2.12, 2.11, 2.10, 2.09,
    ];

    /// <summary>What is compared, in sentences.</summary>
    [JsonIgnore]
    public string Subject { get; init; } = "the meta-trained optimizer";

    /// <summary>What of this is outside of the training; null if nothing is.</summary>
    [JsonIgnore]
    public string? Outside { get; init; }

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
            _ => OutcomeOf(difference, mine.Count),
        };
        return new Comparison(measure, against, difference, outcome);
    }

    /// <summary>Whether a difference of two losses is clear.</summary>
    /// <param name="difference">The one minus the other.</param>
    /// <param name="samples">How many numbers its standard error comes from.</param>
    public static ComparisonOutcome OutcomeOf(Statistic difference, int samples)
    {
        ArgumentNullException.ThrowIfNull(difference);
        return difference.StandardError is not { } error || Math.Abs(difference.Mean) <= Clear(samples) * error
            ? ComparisonOutcome.Unclear
            : difference.Mean < 0 ? ComparisonOutcome.Better
            : ComparisonOutcome.Worse;
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
        return $"{Measure}: {Subject} {verdict} {Against} ({Numbers()})."
            + (Outside is null ? "" : $" Outside of the training: {Outside}.");
    }

    /// <summary>The difference, for a person.</summary>
    public string Numbers() => Difference switch
    {
        null => "one of them diverged",
        { Mean: 0, StandardError: 0 } => "the same in every trial",
        { StandardError: not null } => $"difference {LossText.Signed(Difference)}",
        _ => $"difference {LossText.Signed(Difference)}, one trial only",
    };

    // How many standard errors a difference must have to be clear.
    private static double Clear(int trials) => ClearErrors[Math.Min(trials - 1, ClearErrors.Length) - 1];

    private static int Finite(IReadOnlyList<double> values) => values.Count(double.IsFinite);
}
