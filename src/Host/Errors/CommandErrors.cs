using Involute.Runs.Claims;
using Involute.Runs.Configuration;
using Involute.Runs.Opening;
using Involute.Runs.Plugins;
using Involute.Runs.Stores;
using Involute.Tasks.Images;
using Involute.Tasks.Unrolls;
using Involute.Torch.Native;

namespace Involute.Host.Errors;

/// <summary>Reports a failure to the user: one line on standard error, and the documented exit code.</summary>
internal static class CommandErrors
{
    /// <summary>Runs a command; expected failures become a line and a code.</summary>
    public static async Task<int> GuardAsync(Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (Exception exception)
        {
            Print(OneLine(exception));
            return CodeOf(exception);
        }
    }

    /// <summary>Prints one line on standard error.</summary>
    public static void Print(string message) => Console.Error.WriteLine($"involute: {message.ReplaceLineEndings(" ")}");

    /// <summary>The exit code for an exception.</summary>
    public static int CodeOf(Exception exception) => exception switch
    {
        CommandException command => command.Code,
        RunClaimedException => ExitCode.RunHeld,
        ConfigurationException or PluginException or RunRefusedException => ExitCode.Configuration,
        StoreUnreachableException => ExitCode.CannotConnect,
        DataFormatException or InvalidDataException => ExitCode.Data,
        IOException or UnauthorizedAccessException => ExitCode.InputOutput,
        _ => ExitCode.Internal,
    };

    /// <summary>The line that tells the user of an exception.</summary>
    // An unexpected exception is a bug in this program: its type and place help the user who reports it; a stack trace
    // would not.
    public static string OneLine(Exception exception)
    {
        var message = exception.Message.ReplaceLineEndings(" ");
        return exception is OutOfMemoryException ? $"the process is out of memory: {message}"
            : exception is TorchUnavailableException or ProblemDeviceException ? message
            : CodeOf(exception) == ExitCode.Internal
            ? $"internal error, please report it: {exception.GetType().Name}: {message}{Place(exception)}"
            : message;
    }

    private static string Place(Exception exception)
    {
        var method = new System.Diagnostics.StackTrace(exception).GetFrame(0)?.GetMethod();
        return method is null ? string.Empty : $" (in {method.DeclaringType?.FullName}.{method.Name})";
    }
}
