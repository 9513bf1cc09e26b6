using System.Diagnostics;

namespace Involute.Host.Running;

/// <summary>This program, to start it again as another process.</summary>
internal static class OwnProgram
{
    /// <summary>How it is started with other arguments.</summary>
    public static ProcessStartInfo StartInfo(IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);

        // Under 'dotnet involute.dll' the process is dotnet, whose first argument is the assembly.
        var program = Environment.ProcessPath!;
        var isHost = Path.GetFileNameWithoutExtension(program) == "dotnet";
        return new ProcessStartInfo(program, isHost ? [typeof(OwnProgram).Assembly.Location, .. arguments] : arguments);
    }
}
