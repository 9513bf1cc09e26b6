using Involute.Tasks.Unrolls;

namespace Involute.Actors.Nodes;

/// <summary>What happens when a pair actor throws: one table, first match from the top.</summary>
/// <remarks>Divergence is not here: it is a value in the contribution, never an exception.</remarks>
internal static class PairFaults
{
    /// <summary>One row of the table.</summary>
    /// <param name="Exception">The exception's type, or a base of it.</param>
    /// <param name="Reach">What goes down with the pair actor.</param>
    /// <param name="Reason">Why.</param>
    public sealed record Row(Type Exception, FaultReach Reach, string Reason)
    {
        /// <summary>Whether another try is pointless: the run ends.</summary>
        public bool Fatal => Reach == FaultReach.Run;
    }

    /// <summary>The table.</summary>
    public static IReadOnlyList<Row> Table { get; } =
    [
        new(typeof(OutOfMemoryException), FaultReach.Node,
            "the process as a whole is short of memory: others may take its pairs"),
        new(typeof(TypeInitializationException), FaultReach.Node,
            "code that has failed to start in a process fails there every time: another process may succeed"),
        new(typeof(TypeLoadException), FaultReach.Node,
            "code or a native library is missing or damaged on this machine"),
        new(typeof(BadImageFormatException), FaultReach.Node,
            "code or a native library is not for this machine"),
        new(typeof(ProblemDeviceException), FaultReach.Node,
            "the device of this process is lost, or has too little memory: others may take its pairs"),
        new(typeof(InvalidDataException), FaultReach.Run,
            "a saved state does not fit the plan: it will not fit the next time either"),
        new(typeof(ArgumentException), FaultReach.Run,
            "the plan asks for something that its parts refuse: a wrong setting, not an accident"),
        new(typeof(NotSupportedException), FaultReach.Run,
            "the plan combines parts that do not go together"),
        new(typeof(Exception), FaultReach.Pairs,
            "a bug or an accident: the learner places the block again from its last durable state, a few times"),
    ];

    /// <summary>The row of an exception.</summary>
    public static Row Find(Exception error) => Table.First(row => row.Exception.IsInstanceOfType(error));
}

/// <summary>What an error in a pair actor takes down besides that actor.</summary>
internal enum FaultReach
{
    /// <summary>Nothing else.</summary>
    Pairs,

    /// <summary>All pairs of this node: the machine or the process is at fault, not the pair.</summary>
    Node,

    /// <summary>The run: it would end like this everywhere.</summary>
    Run,
}
