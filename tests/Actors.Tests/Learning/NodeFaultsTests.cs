using Involute.Actors.Learning;
using Involute.Estimators.Plans;
using Xunit;

namespace Involute.Actors.Tests.Learning;

public sealed class NodeFaultsTests
{
    private readonly NodeFaults _faults = new();

    [Fact]
    public void Three_blocks_that_do_well_elsewhere_speak_against_a_node()
    {
        Assert.Empty(Step(1, "b", (0, "a"), (1, "a")));
        Assert.Equal(["a"], Step(2, "b", (2, "a")));
    }

    [Fact]
    public void A_block_counts_once_in_a_step_however_often_it_fails()
    {
        Assert.Empty(Step(1, "b", (0, "a"), (0, "a"), (0, "a")));
        Assert.Empty(Step(2, "b", (0, "a")));
        Assert.Equal(["a"], Step(3, "b", (0, "a")));
    }

    [Fact]
    public void A_block_that_does_well_where_it_failed_or_whose_node_is_gone_speaks_against_none()
    {
        Assert.Empty(Step(1, "a", (0, "a"), (1, "a"), (2, "a"), (3, "a")));
        Assert.Empty(Step(2, null, (0, "a"), (1, "a"), (2, "a"), (3, "a")));
    }

    [Fact]
    public void What_is_long_past_is_forgotten_and_so_is_a_node_that_begins_anew()
    {
        Assert.Empty(Step(1, "b", (0, "a"), (1, "a")));
        Assert.Empty(Step(1 + NodeFaults.Memory, "b", (2, "a")));
        Assert.Empty(Step(2 + NodeFaults.Memory, "b", (3, "a")));
        _faults.Forget("a");
        Assert.Empty(Step(3 + NodeFaults.Memory, "b", (0, "a"), (1, "a")));
        Assert.Equal(["a"], Step(2 + (2 * NodeFaults.Memory), "b", (0, "a")));
    }

    [Fact]
    public void A_failure_is_remembered_until_its_step_is_done()
    {
        _faults.Failed(0, "a");
        Assert.True(_faults.HasFailed(0, "a"));
        Assert.False(_faults.HasFailed(1, "a") || _faults.HasFailed(0, "b"));
        _faults.StepDone(new ThetaVersion(0), _ => "b");
        Assert.False(_faults.HasFailed(0, "a"));
    }

    private IReadOnlyList<string> Step(long version, string? home, params (int Block, string Node)[] failures)
    {
        foreach (var (block, node) in failures)
        {
            _faults.Failed(block, node);
        }

        return _faults.StepDone(new ThetaVersion(version), _ => home);
    }
}
