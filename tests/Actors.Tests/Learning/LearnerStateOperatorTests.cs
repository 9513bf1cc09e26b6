using Involute.Actors.Learning;
using Involute.Actors.Protocol;
using Involute.Estimators.MetaOptimizers;
using Involute.Estimators.Plans;
using Involute.Runs;
using Involute.Runs.Configuration;
using Involute.Runs.Ledger;
using Xunit;
using static Involute.Actors.Learning.LearnerEffect;
using static Involute.Actors.Protocol.ControlProtocol;
using static Involute.Actors.Protocol.PairProtocol;

namespace Involute.Actors.Tests.Learning;

/// <summary>What an operator asks of the learner: to hold the run, to write a checkpoint, to place pairs anew.</summary>
public sealed class LearnerStateOperatorTests
{
    [Fact]
    public void A_run_that_is_held_finishes_its_step_and_goes_on_when_it_may()
    {
        var script = new Script();
        script.Advance(0);
        script.Do(new HoldRun(true));
        Assert.Equal(("finishing the outer step", true), (Told<Standing>(script).Phase, Told<Standing>(script).IsHeld));
        script.Advance(1);
        script.Advance(2);
        Assert.Equal((LearnerPhase.Paused, 1L), (script.State.Phase, script.Step));
        Assert.Empty(script.Wanted<PublishTheta>());

        script.SaveAll(1);
        Assert.Equal(LearnerPhase.Paused, script.State.Phase);
        script.Do(new AskStanding());
        Assert.Equal("paused", Told<Standing>(script).Phase);

        script.Do(new HoldRun(false));
        Assert.Equal(1, Assert.Single(script.Wanted<PublishTheta>()).Message.Theta.Version.Value);
        Assert.Equal("computing", Told<Standing>(script).Phase);
    }

    [Fact]
    public void A_store_that_answers_again_does_not_end_a_pause_nor_a_pause_that_ends_the_waiting_for_it()
    {
        var script = new Script();
        script.Do(new HoldRun(true));
        script.Do(new LedgerProtocol.StoreUnavailable("locked"));
        script.AdvanceAll();
        script.Do(new LedgerProtocol.StoreAvailable());
        Assert.Equal(LearnerPhase.Paused, script.State.Phase);
        script.Do(new LedgerProtocol.StoreUnavailable("locked"));
        script.Do(new HoldRun(false));
        Assert.Equal("waiting for the store", Told<Standing>(script).Phase);
        script.Do(new LedgerProtocol.StoreAvailable());
        Assert.Equal(LearnerPhase.Stepping, script.State.Phase);
    }

    [Fact]
    public void A_held_run_can_be_stopped()
    {
        var script = new Script();
        script.Do(new HoldRun(true));
        script.AdvanceAll();
        script.Do(new LearnerProtocol.StopRun());
        Assert.Equal(LearnerPhase.SavingStates, script.State.Phase);
        SendStates(script);
        Assert.Equal(LearnerPhase.Finishing, script.State.Phase);
        script.Do(new HoldRun(false));
        Assert.Contains("at its end", Told<Refused>(script).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_checkpoint_that_is_asked_for_is_of_the_end_of_the_step(bool held)
    {
        var script = new Script();
        script.Do(new HoldRun(held));
        if (held)
        {
            script.AdvanceAll();
        }

        script.Do(new TakeCheckpoint());
        if (!held)
        {
            Assert.Empty(script.Effects);
            script.AdvanceAll();
        }

        Assert.Equal(LearnerPhase.SavingStates, script.State.Phase);
        SendStates(script);
        Assert.Equal(1, Assert.Single(script.Wanted<SaveCheckpoint>()).Checkpoint.Step);
        Assert.Equal(held ? LearnerPhase.Paused : LearnerPhase.Stepping, script.State.Phase);
    }

    [Fact]
    public void A_checkpoint_that_comes_anyway_is_not_made_twice()
    {
        var script = new Script();
        script.AdvanceAll(3);
        script.Do(new TakeCheckpoint());
        script.AdvanceAll();
        Assert.Single(script.Wanted<SaveCheckpoint>());
        Assert.Equal((LearnerPhase.Stepping, 4L), (script.State.Phase, script.Step));
    }

    [Fact]
    public void Pairs_that_are_placed_anew_replay_and_answer_under_another_attempt()
    {
        var script = new Script();
        script.AdvanceAll(2);
        script.Do(new RestartBlock(1));
        Assert.Equal(new BlockHome(new PairBlock(1, 1), "a", 2), Told<BlockHome>(script));
        var placed = Assert.Single(script.Placed());
        Assert.Equal((1, 2, 2), (placed.Block.First, placed.Attempt, placed.Thetas.Count));
        script.AdvanceAll();
        Assert.Equal(3, script.Step);
        script.Do(new RestartBlock(7));
        Assert.Contains("on no node", Told<Refused>(script).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_meta_learning_rate_that_is_changed_holds_from_the_step_in_flight_on()
    {
        var (script, twin) = (new Script(Sgd), new Script(Sgd));
        Advance(script, twin);
        script.Advance(0);
        script.Do(new ChangeRun("involute.meta-optimizer.learning-rate=0.5", "tester"));
        var change = Assert.Single(Told<RunChanged>(script).Changes);
        Assert.Equal(
            (1L, "involute.meta-optimizer.learning-rate", "0.5"), (change.Step!.Value, change.Key, change.To));
        Assert.Equal(change, Assert.Single(script.Wanted<RecordSetting>()).Change);
        Assert.Equal(script.State.Outer.Theta.HashText(), twin.State.Outer.Theta.HashText());

        script.Advance(1);
        script.Advance(2);
        var before = twin.State.Outer.Theta.Values[0];
        Assert.Equal(before - 0.5f, script.State.Outer.Theta.Values[0], 1e-6f);

        script.Do(new ChangeRun("involute.meta-optimizer.learning-rate=0.5", "tester"));
        Assert.Empty(Told<RunChanged>(script).Changes);
        Assert.Empty(script.Wanted<RecordSetting>());
    }

    [Theory]
    [InlineData("involute.sigma=0.2", "cannot change while the run goes on")]
    [InlineData("involute.nosuch=1", "unknown key")]
    [InlineData("involute.meta-optimizer.learning-rate=-1", "-1")]
    [InlineData("involute.meta-optimizer.learning-rate", "learning-rate")]
    public void What_may_not_change_is_refused_with_what_may(string argument, string expected)
    {
        var script = new Script(Sgd);
        script.Do(new ChangeRun(argument, "tester"));
        Assert.Contains(expected, Told<Refused>(script).Reason, StringComparison.Ordinal);
        Assert.Empty(script.Wanted<RecordSetting>());
    }

    [Fact]
    public void The_number_of_outer_steps_changes_while_the_run_goes_on_and_stands_in_the_folder_first()
    {
        List<string> written = [];
        var script = new Script(Script.Of() with
        {
            Keep = settings =>
            {
                written.Add(settings.ToHocon());
                return null;
            },
        });
        script.AdvanceAll();
        script.Do(new ChangeRun("involute.outer-steps=3", "tester"));
        var change = Assert.Single(Told<RunChanged>(script).Changes);
        Assert.Equal((1L, "100", "3", "tester"), (change.Step!.Value, change.From, change.To, change.By));
        Assert.Equal(change, Assert.Single(script.Wanted<RecordSetting>()).Change);
        Assert.Equal(3, Assert.Single(script.Wanted<Operate>()).Settings.OuterSteps);
        Assert.Contains("outer-steps = 3", Assert.Single(written), StringComparison.Ordinal);
        script.Do(new AskStanding());
        Assert.Equal(3, Told<Standing>(script).Settings.OuterSteps);
        Assert.Equal(change, Assert.Single(Told<Standing>(script).Changes));

        // The end of the run waits for it, and comes with a checkpoint of its own.
        script.AdvanceAll(2);
        script.SaveAll(3);
        script.Do(new LedgerProtocol.CheckpointSaved(3));
        Assert.Equal(LearnerPhase.Finishing, script.State.Phase);
        script.Do(new LedgerProtocol.SettingSaved());
        Assert.Equal((RunStatus.Finished, 3L), (Ended(script).Status, Ended(script).CheckpointStep));
    }

    [Theory]
    [InlineData("involute.outer-steps=2", "the run computes outer step 2; allowed: at least 3, or 'learner stop'")]
    [InlineData("involute.outer-steps=0", "'0' is out of range")]
    public void The_end_of_a_run_cannot_be_behind_it(string argument, string expected)
    {
        var script = new Script();
        script.AdvanceAll();
        script.Do(new ChangeRun(argument, "tester"));
        Assert.Contains(expected, Told<Refused>(script).Reason, StringComparison.Ordinal);
        Assert.Empty(script.Wanted<RecordSetting>());
    }

    [Fact]
    public void Checkpoints_come_as_often_as_the_setting_of_now_says()
    {
        var script = new Script();
        script.Do(new ChangeRun("involute.checkpoint-interval=2", "tester"));
        script.AdvanceAll();
        script.AdvanceAll();
        Assert.Equal(2, Assert.Single(script.Wanted<SaveCheckpoint>()).Checkpoint.Step);
    }

    [Fact]
    public void What_cannot_be_written_into_the_folder_is_not_changed()
    {
        var script = new Script(Script.Of() with { Keep = _ => "the disk is full" });
        script.Do(new ChangeRun("involute.outer-steps=300", "tester"));
        Assert.Equal("the disk is full", Told<Refused>(script).Reason);
        Assert.Empty(script.Wanted<RecordSetting>());
        script.Do(new AskStanding());
        Assert.Equal(100, Told<Standing>(script).Settings.OuterSteps);
    }

    [Fact]
    public void Steps_that_the_ledger_has_are_recomputed_with_the_settings_that_they_had()
    {
        SettingChanged change = new(1, "involute.meta-optimizer.learning-rate", "0.01", "0.5") { Step = 1 };
        var changing = new ChangingSettings(Sgd.Run, [change]);
        var state = new LearnerState(Sgd, null, changing, known: 3);
        state.Start();
        var told = Assert.IsType<Refused>(Assert.IsType<Answer>(Assert.Single(state.Receive(
            new ChangeRun("involute.meta-optimizer.learning-rate=0.7", "tester")))).Message);
        Assert.Equal("the run recomputes steps that its ledger has: try again after outer step 3", told.Reason);
        Assert.Equal((0.01, 0.5), (changing.LearningRateOf(1), changing.LearningRateOf(2)));
    }

    [Fact]
    public void Homes_are_told_of_those_blocks_that_are_asked_for()
    {
        var script = new Script();
        script.Do(new AskHomes(1, 100));
        Assert.Equal([1, 2], Told<Homes>(script).Blocks.Select(home => home.Block.First));
        script.Do(new AskHomes(-5, -1));
        Assert.Empty(Told<Homes>(script).Blocks);
    }

    // Its theta is moved by the learning rate times the gradient, which is 1.
    private static LearnerSettings Sgd
    {
        get
        {
            var sgd = new MetaSgdOptions();
            var settings = Script.Of();
            return settings with
            {
                Run = settings.Run with { MetaOptimizer = sgd },
                Plan = settings.Plan with { MetaOptimizer = sgd.Create<float>() },
            };
        }
    }

    private static void Advance(params Script[] scripts) => Array.ForEach(scripts, script => script.AdvanceAll());

    private static RunOutcome Ended(Script script) =>
        Assert.Single(script.Wanted<LearnerEffect.EndRun>()).Outcome;

    private static T Told<T>(Script script) => Assert.IsType<T>(script.Wanted<Answer>()[^1].Message);

    private static void SendStates(Script script)
    {
        for (var pair = 0; pair < 3; pair++)
        {
            script.Do(
                new StateSaved(
                    Script.Settings.RunId, new PairBlock(pair, 1), script.Attempt(pair), new ThetaVersion(script.Step),
                    new byte[] { 1, 2 }),
                script.Home(pair));
        }
    }
}
