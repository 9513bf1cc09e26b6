namespace Involute.Host.Errors;

/// <summary>A command cannot do what was asked: one line for the user and an exit code.</summary>
internal sealed class CommandException(int code, string message) : Exception(message)
{
    /// <summary>See <see cref="ExitCode"/>.</summary>
    public int Code => code;
}
