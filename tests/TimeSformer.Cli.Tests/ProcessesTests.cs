namespace TimeSformer.Tests;

/// <summary>Data-parallel training by MPI, in processes on this machine and on hosts of its own; skipped without Open MPI.</summary>
public sealed class ProcessesTests : FolderTests
{
    private const string Plain = "optimizer: sgd";

    // 40 videos in batches of 12: each fourth has but 4, of which only the first process, or the first two, have a part. The gradients of
    // small, unlike those of tiny, are more than one sum.
    [SkippableTheory]
    [InlineData(2, "divided_space_time", "micro_batch_size: 3, ema_decay: 0.9, clip_grad_norm: 1, lr: 0.001", "small")]
    [InlineData(3, "joint_space_time", "optimizer: sgd, class_weights: balanced")]
    [InlineData(4, "axial", "activation_checkpointing: true")]
    public void Processes_together_take_the_steps_of_one(int processes, string attention, string options, string preset = "tiny")
    {
        Write(epochs: 6, attention, options, preset);
        Trains("one", processes: 1);
        Trains("several", processes);
        AssertEqual("one", "several", steps: 24);
    }

    [SkippableFact]
    public void A_killed_process_ends_the_others_by_name_and_another_number_of_them_goes_on()
    {
        Write(epochs: 10);
        using (var process = Start("several", 3))
        {
            var error = ReadUntil(process, "epoch 1:");
            Kill("several", rank: 2);
            error += process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.NotEqual(0, process.ExitCode);
            Assert.Contains("process rank 2", error);
        }
        Trains("several", 2);
        Trains("one", 1);
        AssertEqual("one", "several", steps: 40);
    }

    [SkippableFact]
    public void An_interrupted_run_saves_its_last_step_and_one_process_goes_on()
    {
        Write(epochs: 10);
        using (var process = Start("several", 2))
        {
            ReadUntil(process, "epoch 1:");
            Assert.Equal(0, Run("kill", "-INT", $"{process.Id}"));
            Assert.Contains("interrupted; the same command resumes", process.StandardError.ReadToEnd());
            process.WaitForExit();
            Assert.Equal(130, process.ExitCode);
        }
        int last = (int)RunLog.Read(folder.File("several"))[^1].Step;
        Assert.True(Directory.Exists(folder.File($"several/checkpoint-{last:00000000}")));
        Trains("several", 1);
        Trains("one", 1);
        AssertEqual("one", "several", steps: 40);
    }

    [SkippableFact]
    public void What_is_wrong_with_a_recipe_is_said_once()
    {
        Write(epochs: 1, options: "batch_size: 2");
        using var process = Start("run", 3);
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(2, process.ExitCode);
        Assert.Single(error.Split('\n'), line => line.Contains("2 clips cannot be divided among 3 processes"));
    }

    // Hosts are network namespaces, which mpirun enters instead of calling ssh. Making them needs root.
    [SkippableFact]
    public void A_host_that_is_cut_off_ends_the_run_and_a_restart_ends_as_an_unbroken_one()
    {
        using var hosts = Hosts.Make(folder, "tsa", "tsb");
        Write(epochs: 10);
        using (var process = hosts.Mpirun(Arguments("hosts")))
        {
            ReadUntil(process, "epoch 1:");
            Hosts.CutOff("tsb");
            Assert.Contains("tsb", process.StandardError.ReadToEnd());
            process.WaitForExit();
            Assert.NotEqual(0, process.ExitCode);
        }
        Hosts.Join("tsb");
        using (var process = hosts.Mpirun(Arguments("hosts")))
        {
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, error);
        }
        Trains("one", 1);
        AssertEqual("one", "hosts", steps: 40);
    }

    private static void RequireMpi() => Skip.IfNot(Hosts.Has("mpirun"), "Open MPI is not installed");

    private void Write(int epochs, string attention = "divided_space_time", string options = Plain, string preset = "tiny")
    {
        RequireMpi();
        var batch = options.Contains("batch_size: 2") ? "" : "batch_size: 12, ";
        folder.Write("recipe.yaml", $$"""
            model: {preset: {{preset}}, attention_type: {{attention}}, drop_path_rate: 0}
            data:
              procedural: {family: motion, train_per_class: 5, val_per_class: 3, frames: 8}
              num_frames: 4
              sampling_rate: 2
              crop_size: 32
              train_jitter_scales: [32, 36]
              num_workers: 1
            training: {epochs: {{epochs}}, {{batch}}seed: 3, {{options}}}
            """);
    }

    private static string[] Arguments(string run) => ["train", "recipe.yaml", "--output", run];

    private Process Start(string run, int processes) =>
        CommandLine.Start(folder.Path, null, [.. Arguments(run), "--processes", $"{processes}"]);

    private void Trains(string run, int processes)
    {
        using var process = Start(run, processes);
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error);
    }

    private static string ReadUntil(Process process, string sign)
    {
        var read = "";
        while (process.StandardError.ReadLine() is { } line)
        {
            read += line + "\n";
            if (line.Contains(sign)) return read;
        }
        throw new InvalidOperationException($"'{sign}' never came:\n{read}");
    }

    private void Kill(string run, int rank)
    {
        var (_, found, _) = CommandLine.Wait(new("pgrep", ["-f", $"timesformer.dll train recipe.yaml --output {run} --device"]));
        var process = found.Split('\n', StringSplitOptions.RemoveEmptyEntries).Single(id =>
            ReadIfThere($"/proc/{id}/environ").Split('\0').Contains($"OMPI_COMM_WORLD_RANK={rank}")
            && File.ResolveLinkTarget($"/proc/{id}/cwd", returnFinalTarget: false)?.FullName == folder.Path);
        Assert.Equal(0, Run("kill", "-KILL", process));
    }

    private static string ReadIfThere(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return ""; // it has ended
        }
    }

    private static int Run(string program, params string[] arguments) => CommandLine.Wait(new(program, arguments)).Status;

    private void AssertEqual(string expected, string actual, int steps)
    {
        var (one, several) = (RunLog.Read(folder.File(expected)), RunLog.Read(folder.File(actual)));
        Assert.Equal(steps, one.Count(entry => entry.Loss is not null));
        Assert.Equal(one.Select(Place), several.Select(Place));
        Assert.All(one.Zip(several), pair =>
            Assert.InRange(Math.Abs(LossOf(pair.First) - LossOf(pair.Second)) / LossOf(pair.First), 0, 1e-5));
    }

    // Step, epoch and what an evaluation counts.
    private static (long, int, LoggedEvaluation?) Place(LogEntry entry) =>
        (entry.Step, entry.Epoch, entry.Validation is { } validation ? validation with { Loss = 0 } : null);

    private static double LossOf(LogEntry entry) => entry.Loss ?? entry.Validation!.Loss;
}
