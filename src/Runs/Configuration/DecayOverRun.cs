using System.Globalization;
using Involute.Tasks.Components;

namespace Involute.Runs.Configuration;

/// <summary>A cosine whose decay-steps are not set ends with the run.</summary>
/// <remarks>
/// Only where it counts: with any other schedule the key keeps its default, and so does the identity of such runs. A run that
/// goes on, and a fork, keep the number that stands in the run's settings.
/// </remarks>
internal static class DecayOverRun
{
    private const string Steps = "decay-steps";

    private const string Cosine = "cosine";
    private static readonly SourcePosition Position = DefaultSettings.For("the length of the run");

    /// <summary>Sets the key in a tree below <c>involute</c>, unless a user or a component has.</summary>
    public static void FillIn(HoconBlock involute, ComponentCatalogue catalogue)
    {
        var kind = ConfigurationSchema.Kinds.Single(kind => kind.Block == "meta-optimizer");
        if (involute[kind.Block] is HoconBlock block
            && (block[kind.NameKey] as HoconScalar)?.Text is { } name
            && catalogue.Find(kind, name) is { } component
            && block[Steps] is { } written && DefaultSettings.AreOf(component, written.Position)
            && (block["learning-rate-schedule"] as HoconScalar)?.Text == Cosine
            && Whole(involute["outer-steps"]) is { } outerSteps
            && Whole(block["accumulate"]) is { } accumulate)
        {
            var updates = (outerSteps + accumulate - 1) / accumulate;
            block.Set(Steps, new HoconScalar(Position, updates.ToString(CultureInfo.InvariantCulture), isQuoted: false));
        }
    }

    // What is no number is the reader's to refuse.
    private static long? Whole(HoconNode? node) =>
        node is HoconScalar { IsQuoted: false, Text: var text }
        && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
        && value is > 0 and <= int.MaxValue
            ? value
            : null;
}
