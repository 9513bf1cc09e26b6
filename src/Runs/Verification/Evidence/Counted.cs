namespace Involute.Runs.Verification.Evidence;

/// <summary>"1 step", "2 steps".</summary>
internal static class Counted
{
    public static string Of(long count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";
}
