using Involute.Actors.Cluster;
using Involute.Actors.Protocol;
using Involute.Host.Commands;
using Involute.Host.Errors;
using Involute.Runs;
using Involute.Runs.Configuration;
using Xunit;

namespace Involute.Host.Tests.Cluster;

public sealed class WorkerEndTests
{
    public static TheoryData<Exception, int, string> Causes => new()
    {
        { new IOException("no space left"), 74, "no space left" },
        { new UnauthorizedAccessException("the folder is locked"), 74, "the folder is locked" },
        { new InvalidDataException("half a file"), 65, "half a file" },
        { new CommandException(64, "no such plugin"), 64, "no such plugin" },
        { new InsufficientMemoryException("20 GB"), 70, "the process is out of memory: 20 GB" },
        { new InvalidOperationException("oh"), 70, "internal error, please report it: InvalidOperationException: oh" },
    };

    [Theory]
    [MemberData(nameof(Causes))]
    public void A_plan_that_cannot_be_made_ends_a_worker_as_it_would_end_a_learner(
        Exception cause, int code, string line) =>
        Assert.Equal(
            (code, line),
            WorkerCommand.Ending(new WorkerOutcome(WorkerEnd.Unprepared, cause.Message, Cause: cause), 143));

    [Theory]
    [InlineData(WorkerEnd.Finished, 0)]
    [InlineData(WorkerEnd.Checked, 0)]
    [InlineData(WorkerEnd.Refused, 64)]
    [InlineData(WorkerEnd.Broken, 70)]
    [InlineData(WorkerEnd.Lost, 75)]
    [InlineData(WorkerEnd.NotJoined, 69)]
    [InlineData(WorkerEnd.Downed, 3)]
    [InlineData(WorkerEnd.Stopped, 143)]
    public void Every_other_end_has_its_code_and_one_line(object end, int code) =>
        Assert.Equal((code, "why"), WorkerCommand.Ending(new WorkerOutcome((WorkerEnd)end, "why"), 143));

    [Fact]
    public void A_certificate_that_one_side_does_not_accept_has_a_code_of_its_own() => Assert.Equal(
        (77, "why"),
        WorkerCommand.Ending(new WorkerOutcome(WorkerEnd.NotJoined, "why", WorkerStep.Certificate), 143));

    [Fact]
    public void Data_that_this_machine_does_not_have_is_reported_as_a_learner_reports_it()
    {
        var settings = ConfigurationLoader.Load(
            [], ["involute.task=image-mlp", "involute.task.data-folder=/nowhere/at all"]).ToHocon();
        var offer = new NodeProtocol.RunOffered(new RunId("a"), settings, "");

        var missing = Assert.ThrowsAny<Exception>(() => WorkerCommand.MakePlan(offer, null, 1));

        Assert.Equal(65, CommandErrors.CodeOf(missing));
        Assert.StartsWith("/nowhere/at all/train-images-idx3-ubyte: no such folder", CommandErrors.OneLine(missing), StringComparison.Ordinal);
    }
}
