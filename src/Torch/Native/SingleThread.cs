namespace Involute.Torch.Native;

/// <summary>Keeps OpenMP and MKL to one thread: lanes already run on as many .NET threads as there are cores.</summary>
internal static class SingleThread
{
    private static readonly string[] Variables = ["OMP_NUM_THREADS", "MKL_NUM_THREADS"];

    /// <summary>Sets the variables that both read when they are loaded, so before libtorch is.</summary>
    public static void SetEnvironment()
    {
        foreach (var variable in Variables)
        {
            Set(variable, "1");
        }
    }

    /// <summary>Sets a variable for native code that has yet to be loaded.</summary>
    /// <exception cref="TorchUnavailableException">The system refuses.</exception>
    public static void Set(string variable, string value)
    {
        // On Unix .NET keeps variables of its own, which native getenv does not see.
        Environment.SetEnvironmentVariable(variable, value);
        if (!OperatingSystem.IsWindows() && Libc.SetEnvironment(variable, value, overwrite: 1) != 0)
        {
            throw new TorchUnavailableException($"the environment variable {variable} cannot be set");
        }
    }
}
