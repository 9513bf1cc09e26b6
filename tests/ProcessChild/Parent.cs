using Involute.Processes.Problems;

namespace Involute.ProcessChild;

/// <summary>A process that has a problem in a child of its own, and then waits for its own end.</summary>
public static class Parent
{
    /// <summary>Starts a child of the command, says so, and waits for the end of input.</summary>
    public static void Run(string[] command)
    {
        var problem = new ProcessOptions { Command = command }.Create();
        Console.WriteLine($"has {problem.Name}");
        Console.In.ReadToEnd();
        GC.KeepAlive(problem);
    }
}
