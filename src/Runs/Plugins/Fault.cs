using System.Diagnostics;
using System.Reflection;

namespace Involute.Runs.Plugins;

/// <summary>An exception in one line: its kind, its message, and where in a user's code it came about.</summary>
internal static class Fault
{
    private static readonly string[] NotUsers = ["System.", "Microsoft.", "Involute.", "involute", "Akka", "TorchSharp"];

    /// <summary>The line.</summary>
    public static string InOneLine(Exception exception)
    {
        var cause = exception is TargetInvocationException { InnerException: { } inner } ? inner : exception;
        return $"{cause.GetType().Name}: {Message(cause)}{Place(cause)}";
    }

    // libtorch appends the stack of its own functions.
    private static string Message(Exception exception)
    {
        var message = exception.Message.ReplaceLineEndings("\n");
        var end = message.IndexOf("\nException raised from ", StringComparison.Ordinal);
        return (end < 0 ? message : message[..end]).Replace('\n', ' ');
    }

    // The innermost frame that is neither ours nor the framework's; nothing where there is none.
    private static string Place(Exception exception)
    {
        var frame = new StackTrace(exception, fNeedFileInfo: true).GetFrames().FirstOrDefault(IsUsers);
        if (frame?.GetMethod() is not { } method)
        {
            return "";
        }

        var place = $" (in {method.DeclaringType?.FullName}.{method.Name}";
        return frame.GetFileName() is { } file
            ? FormattableString.Invariant($"{place}, {Path.GetFileName(file)}:{frame.GetFileLineNumber()})")
            : $"{place})";
    }

    private static bool IsUsers(StackFrame frame) =>
        frame.GetMethod() is { DeclaringType: not null } method && method.Module.Assembly.GetName().Name is { } name
        && !NotUsers.Any(start => name.StartsWith(start, StringComparison.Ordinal));
}
