using System.Diagnostics.CodeAnalysis;
using Involute.Torch.Scripts;

/// <summary>What .NET calls before a program begins if its environment says so: see <see cref="ScriptProbe"/>.</summary>
[SuppressMessage("Design", "CA1050", Justification = "The runtime asks for this name.")]
[SuppressMessage("Style", "IDE0130", Justification = "The runtime asks for this name.")]
internal static class StartupHook
{
    /// <summary>Loads the model that the environment names, and ends the process.</summary>
    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(ScriptProbe.Variable) is { Length: > 0 } path)
        {
            ScriptProbe.LoadAndExit(path);
        }
    }
}
