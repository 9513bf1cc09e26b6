using System.Runtime.InteropServices;

namespace Involute.Torch.Scripts;

/// <summary>One line of what libtorch says about a model.</summary>
internal static class ScriptProblem
{
    private const string Cause = "RuntimeError: ";
    private const string Place = "File \"code/";

    /// <summary>Whether it is a failure of libtorch, or of TorchSharp's conversion of what a model returns.</summary>
    public static bool IsOfLibtorch(Exception problem) =>
        problem is ExternalException or NotImplementedException or InvalidCastException;

    /// <summary>Its cause, and the line of the model's code where there is one.</summary>
    // libtorch writes a trace of several lines: places of the code from the outermost to the innermost, then the cause.
    public static string Of(Exception problem) => Of(problem.Message);

    /// <summary>The same of a text.</summary>
    public static string Of(string text)
    {
        string[] lines = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var cause = lines.LastOrDefault(line => line.Contains(Cause, StringComparison.Ordinal))
            ?? lines.FirstOrDefault() ?? "libtorch gives no reason";
        var place = lines.LastOrDefault(line => line.StartsWith(Place, StringComparison.Ordinal));
        var start = cause.IndexOf(Cause, StringComparison.Ordinal);
        return (start < 0 ? cause : cause[(start + Cause.Length)..]) + (place is null ? "" : $" ({place})");
    }
}
