using Involute.Tasks.Components;

namespace Involute.Runs.Configuration;

/// <summary>How the learner waits for contributions.</summary>
/// <remarks>There is one way so far. The key stands in the identity of every run, so it stays.</remarks>
public enum AggregationMode
{
    /// <summary>Each outer step waits for every pair; the result does not depend on timing.</summary>
    [Word("each outer step waits for all pairs; the result does not depend on timing")]
    Synchronous,
}
