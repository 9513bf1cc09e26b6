using Akka.Actor;

namespace Involute.Actors.Nodes;

/// <summary>What happens when a pair actor throws: one table, first match from the top.</summary>
/// <remarks>Divergence is not here: it is a value in the contribution, never an exception.</remarks>
public static class PairFaults
{
    /// <summary>One row of the table.</summary>
    /// <param name="Exception">The exception's type, or a base of it.</param>
    /// <param name="Directive">What happens to the pair actor.</param>
    /// <param name="Fatal">Whether the run ends.</param>
    /// <param name="Reason">Why.</param>
    public sealed record Row(Type Exception, Directive Directive, bool Fatal, string Reason);

    /// <summary>The table.</summary>
    public static IReadOnlyList<Row> Table { get; } =
    [
        new(typeof(OutOfMemoryException), Directive.Escalate, false,
            "the process as a whole is short of memory: the node goes down with all its pairs, others may take them"),
        new(typeof(InvalidDataException), Directive.Stop, true,
            "a saved state does not fit the plan: it will not fit the next time either"),
        new(typeof(ArgumentException), Directive.Stop, true,
            "the plan asks for something that its parts refuse: a wrong setting, not an accident"),
        new(typeof(NotSupportedException), Directive.Stop, true,
            "the plan combines parts that do not go together"),
        new(typeof(Exception), Directive.Stop, false,
            "a bug or an accident: the learner places the block anew from its last durable state, a few times"),
    ];

    /// <summary>The row of an exception.</summary>
    public static Row Find(Exception error) => Table.First(row => row.Exception.IsInstanceOfType(error));
}
