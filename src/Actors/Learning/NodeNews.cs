using Involute.Estimators.Plans;
using Involute.Runs;
using static Involute.Actors.Learning.LearnerEffect;
using static Involute.Actors.Protocol.NodeProtocol;

namespace Involute.Actors.Learning;

/// <summary>What is told of nodes: each time what happened to whom, and what follows.</summary>
internal static class NodeNews
{
    /// <summary>A process takes part; null of a node in the learner's own, of which nothing is told.</summary>
    public static Warn? Joined(string node, int threads) => NodeName.Address(node) is null ? null
        : new Warn($"{NodeName.Of(node)} joined ({threads} {(threads == 1 ? "thread" : "threads")})")
        {
            Event = "worker-joined",
            IsWarning = false,
            Node = node,
        };

    /// <summary>It is gone.</summary>
    public static Warn Left(string node) =>
        new($"{NodeName.Of(node)} is gone: its pairs go on elsewhere") { Event = "worker-left", Node = node };

    /// <summary>It has answered what it cannot have computed.</summary>
    public static Warn WrongAnswer(string node, PairBlock block, ReplayCut cut, string problem, int count) => new(
        $"{NodeName.Of(node)}: {block} cannot have answered this in outer step {cut.Now.Next}: {problem}; "
            + $"{count} of {KnownNodes.MostMalformed}, the pairs start again from step {cut.Version}")
    {
        Event = "wrong-answer",
        Node = node,
        Pair = block.First,
    };

    /// <summary>It takes no more part.</summary>
    public static Warn ShutOut(string node, string reason) =>
        new($"{NodeName.Of(node)} is shut out until it is started again: {reason}")
        {
            Event = "worker-shut-out",
            Node = node,
        };

    /// <summary>Its answer is asked of another.</summary>
    public static Warn InDoubt(string node, PairBlock block, ReplayCut cut, string doubt) => new(
        $"{NodeName.Of(node)}: {block} answered {doubt} in outer step {cut.Now.Next}; another node is asked")
    {
        Event = "answer-in-doubt",
        Node = node,
        Pair = block.First,
    };

    /// <summary>It gets no more pairs.</summary>
    public static Warn Distrusted(string node, string? failure) => new(
        $"{NodeName.Of(node)} gets no more pairs until it is started again: {NodeFaults.Limit} times pairs failed there and "
            + $"succeeded elsewhere; the last failure: {failure}")
    {
        Event = "worker-distrusted",
        Node = node,
    };

    /// <summary>Its inner problem has said something.</summary>
    public static Warn Said(string node, ProblemSaid said) => new(
        NodeName.Address(node) is null ? ForeignText.Shown(said.Line) : $"{NodeName.Of(node)}: {ForeignText.Shown(said.Line)}")
    {
        Event = "problem-said",
        IsWarning = false,
        Node = node,
        Pair = said.Pair,
    };
}
