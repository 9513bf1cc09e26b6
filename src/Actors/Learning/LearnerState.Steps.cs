using Involute.Actors.Protocol;
using Involute.Estimators.Pairs;
using Involute.Runs;
using Involute.Runs.Checkpoints;
using static Involute.Actors.Learning.LearnerEffect;
using static Involute.Actors.Protocol.NodeProtocol;
using static Involute.Actors.Protocol.PairProtocol;

namespace Involute.Actors.Learning;

/// <content>Steps, cuts and placements: what the events lead to.</content>
public sealed partial class LearnerState
{
    private void CompleteStep()
    {
        var answers = _windows.InOrder;
        PairContribution<float>[] contributions = [.. answers.Select(answer => answer.Contribution)];
        var result = _update.Apply(_state, contributions);
        if (_divergence.Fatal(result, contributions) is { } fatal)
        {
            Finish(RunStatus.Diverged, fatal);
            return;
        }

        BarBadNodes();
        _cut.Add(_state.Theta);
        _state = result.State;
        _meanLoss = result.MeanLoss;
        _store.Recorded(_state.Theta.Version.Value);
        Checkpoint? checkpoint = null;
        if (_inFlight!.AttachState)
        {
            _cut.Renew(_state.Theta.Version, [.. answers.Select(answer => answer.State)]);
            checkpoint = _checkpointDue || _stopRequested ? OfferCut() : null;
            Rebalance();
        }

        // First the next theta: the pairs compute while this step is hashed and recorded.
        GoOn();
        Emit(new CompleteStep(result, contributions));
        Save(checkpoint);
        if (_divergence.Warning(result) is { } warning)
        {
            Emit(new Warn(warning));
        }
    }

    private void GoOn()
    {
        if (_state.Theta.Version.Value >= _settings.OuterSteps)
        {
            Finish(RunStatus.Finished, "");
        }
        else if (_stopRequested)
        {
            SaveStates();
        }
        else if (_store.IsDown || _store.IsFull)
        {
            Phase = LearnerPhase.Paused;
        }
        else
        {
            BeginStep();
        }
    }

    private void BeginStep()
    {
        var next = _state.Theta.Version.Next.Value;
        _checkpointDue = next % _settings.CheckpointInterval == 0
            || next == _settings.OuterSteps
            || _cut.WouldReach(_settings.MaxReplayBytes, _state.Theta);
        _windows.Clear();
        _inFlight = new ThetaPublished(_settings.RunId, _state.Theta, _checkpointDue || _homes.HasMisplaced);
        Phase = LearnerPhase.Stepping;
        Emit(new PublishTheta(_inFlight));
    }

    // A cut at this very step may have been made for a move, and not have been saved.
    private void SaveStates()
    {
        var version = _state.Theta.Version;
        if (_cut.Version == version && !_store.Has(version.Value))
        {
            Save(OfferCut());
        }

        if (_cut.Version == version || !_homes.HasNodes)
        {
            Finish(RunStatus.Interrupted, "");
            return;
        }

        Phase = LearnerPhase.SavingStates;
        _savedStates.Clear();
        for (var block = 0; block < _homes.Blocks.Count; block++)
        {
            AskForState(block);
        }
    }

    private void AskForState(int block)
    {
        if (_homes.Home(block) is { } node)
        {
            Emit(new SendToNode(node, new SaveState(_settings.RunId, _homes.Blocks[block], _state.Theta.Version)));
        }
    }

    /// <summary>A checkpoint of the cut, which is at the step of now; returns the checkpoint to write now, if any.</summary>
    private Checkpoint? OfferCut()
    {
        PairSnapshot[] pairs = [.. _homes.Blocks.Zip(_cut.States, (block, state) => new PairSnapshot(block, state))];
        return _store.Offer(
            new Checkpoint(_settings.RunId, _settings.IdentitySha256, _state, _meanLoss, pairs));
    }

    private void PlaceAgain(int block, string error)
    {
        _lastFailure = Failure(block, error);
        if (!_restarts.Spend(block, _state.Theta.Version))
        {
            Finish(RunStatus.Failed, $"{_lastFailure}, again after {_settings.MaxRestarts} restarts");
            return;
        }

        Emit(new Warn(
            $"{_lastFailure}; restart {_restarts.Count(block)} of {_settings.MaxRestarts}, from step {_cut.Version}"));
        _nodeFaults.Failed(block, _homes.Home(block)!);
        _homes.Evict(block);
        PlaceHomeless();
    }

    private void PlaceHomeless()
    {
        if (!_homes.HasNodes)
        {
            return;
        }

        var thetas = _cut.Thetas;
        var settled = _homes.Homeless
            .Select(block => (Block: block, Home: _homes.Settle(block, node => _nodeFaults.HasFailed(block, node))))
            .ToList();
        foreach (var node in settled.GroupBy(it => it.Home.Node, it => (it.Block, it.Home.Attempt)))
        {
            foreach (var part in InParts(node))
            {
                Emit(new SendToNode(node.Key, new PlaceBlocks(_settings.RunId, _cut.Version, thetas, part)));
            }
        }

        if (Phase == LearnerPhase.SavingStates)
        {
            settled.ForEach(it => AskForState(it.Block));
        }
    }

    // States of many blocks may be more than one message takes.
    private IEnumerable<IReadOnlyList<BlockState>> InParts(IEnumerable<(int Block, int Attempt)> placements)
    {
        List<BlockState> part = [];
        var bytes = 0L;
        foreach (var (block, attempt) in placements)
        {
            var state = _cut.State(block);
            if (part.Count > 0 && bytes + state.Length > _settings.MaxReplayBytes)
            {
                yield return part;
                part = [];
                bytes = 0;
            }

            part.Add(new BlockState(_homes.Blocks[block], attempt, state));
            bytes += state.Length;
        }

        yield return part;
    }

    private string? Malformed(WindowAdvanced answer)
    {
        var part = answer.Contribution;
        return part.Gradient.Length != _settings.Plan.ThetaLength || part.Reports.Count != part.Block.Count
                ? $"a contribution of {part.Gradient.Length} values and {part.Reports.Count} reports"
            : _inFlight!.AttachState && answer.State.IsEmpty ? "a contribution without the state that was asked for"
            : null;
    }

    private string Failure(int block, string error) =>
        $"{PairNames.Of(_homes.Blocks[block])} failed in outer step {_state.Theta.Version.Next} "
        + $"(seed {_settings.Plan.Windows.Seed}): {error}";

    private void Save(Checkpoint? checkpoint)
    {
        if (checkpoint is not null)
        {
            Emit(new SaveCheckpoint(checkpoint));
        }
    }

    private void Emit(LearnerEffect effect) => _effects.Add(effect);

    private List<LearnerEffect> Take()
    {
        var taken = _effects;
        _effects = [];
        return taken;
    }
}
