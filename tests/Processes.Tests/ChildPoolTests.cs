using Involute.Processes.Children;
using Involute.Tests;
using Xunit;

namespace Involute.Processes.Tests;

[Trait("Speed", "slow")]
public sealed class ChildPoolTests
{
    [Fact]
    public void Each_call_has_a_child_and_idle_ones_are_used_again()
    {
        using var pool = Pool(processes: 0);
        var first = pool.Rent();
        var second = pool.Rent();
        Assert.NotEqual(first.Id, second.Id);
        pool.Return(first);
        var third = pool.Rent();
        Assert.Same(first, third);
        pool.Return(second);
        pool.Return(third);
    }

    [Fact]
    public async Task With_a_limit_calls_wait_for_one_another()
    {
        using var pool = Pool(processes: 1);
        var first = pool.Rent();
        var second = Task.Run(pool.Rent, TestContext.Current.CancellationToken);
        Assert.False(second.IsCompleted);
        pool.Return(first);
        Assert.Same(first, await second);
        pool.Return(first);
    }

    [Fact]
    public async Task The_end_of_a_pool_ends_its_children_and_those_who_wait()
    {
        var pool = Pool(processes: 1);
        var child = pool.Rent();
        var waiting = Task.Run(pool.Rent, TestContext.Current.CancellationToken);
        pool.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
        Assert.False(child.HasEnded);
        pool.Return(child);
        Assert.True(child.HasEnded);
        Assert.Throws<ObjectDisposedException>(pool.Rent);
    }

    [Fact]
    public void Idle_ones_are_ended_and_others_started()
    {
        using var pool = Pool(processes: 1);
        var first = pool.Rent();
        pool.Return(first);
        pool.EndIdle();
        Assert.True(first.HasEnded);
        var second = pool.Rent();
        Assert.NotEqual(first.Id, second.Id);
        pool.Return(second);
    }

    [Fact]
    public void None_is_started_with_other_files()
    {
        using var folder = new ScratchFolder();
        var (data, rest) = (folder.File("data.csv"), folder.File("rest.csv"));
        File.WriteAllText(data, "1");
        using var pool = new ChildPool(TestChild.Settings(["serve", "drift"]) with { Files = [data, rest] }, new ChildVoice());
        var first = pool.Rent();
        pool.Return(pool.Rent());
        File.WriteAllText(data, "12");
        Assert.EndsWith(
            "data.csv was written since the first one was started, and another one would compute otherwise",
            Assert.Throws<ProcessException>(() => { pool.EndIdle(); pool.Rent(); }).Message,
            StringComparison.Ordinal);
        pool.Return(first);
        Assert.Same(first, pool.Rent());
        pool.Return(first);
    }

    [Fact]
    public void Starts_that_fail_free_their_place()
    {
        using var pool = new ChildPool(TestChild.Settings(["exits"], processes: 1), new ChildVoice());

        Assert.Throws<ProcessException>(pool.Rent);
        Assert.Throws<ProcessException>(pool.Rent);
    }

    private static ChildPool Pool(int processes) =>
        new(TestChild.Settings(["serve", "drift"], processes: processes), new ChildVoice());
}
