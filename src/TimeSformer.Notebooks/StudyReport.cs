using Microsoft.Data.Analysis;
using Plotly.NET;
using Plotly.NET.CSharp;
using TimeSformer.Experiments;
using TimeSformer.Training;
using Chart = Plotly.NET.CSharp.Chart;

namespace TimeSformer.Notebooks;

/// <summary>A study at one size with its results, as notebooks show it: table, figure, verdicts, learning curves, and one run repeated live.</summary>
public sealed class StudyReport
{
    private readonly StudyRunner runner;

    /// <summary>Reads a study and the results that are there.</summary>
    /// <param name="name">The study's name in the folder of experiments.</param>
    /// <param name="scale">The size.</param>
    /// <param name="experiments">The folder of studies, with their <c>results</c>.</param>
    /// <exception cref="RecipeException">The study or the size does not exist.</exception>
    public StudyReport(string name, string scale = "small", string experiments = "../experiments")
    {
        Study = Study.Load(Path.Combine(experiments, $"{name}.yaml"));
        runner = new(Study, scale, Path.Combine(experiments, "results"));
        Runs = Study.Runs(scale);
        Table = StudyTable.Of(Runs, runner.Find);
    }

    /// <summary>The study.</summary>
    public Study Study { get; }

    /// <summary>All its runs at this size.</summary>
    public IReadOnlyList<StudyRun> Runs { get; }

    /// <summary>The accuracies.</summary>
    public StudyTable Table { get; }

    /// <summary>The libtorch and the machines that made the results, in one sentence.</summary>
    public string Provenance => Experiments.Provenance.Summary(Runs.Select(Find).OfType<RunResult>().Select(result => result.Provenance));

    /// <summary>The result of a run, or null.</summary>
    public RunResult? Find(StudyRun run) => runner.Find(run);

    /// <summary>The run of seed 0 at a point of the grid.</summary>
    /// <param name="point">Its value on each axis.</param>
    /// <exception cref="ArgumentException">The grid has no such point.</exception>
    public StudyRun Run(params string[] point) => Runs.FirstOrDefault(run => point.All(value => run.Point.Values.Contains(value)))
        ?? throw new ArgumentException($"no point of {Study.Name} has the values {string.Join(", ", point)}");

    /// <summary>A cell of the table; null if nothing has run there.</summary>
    public Cell? Cell(string row, string column) => Table.Cells.GetValueOrDefault((row, column));

    /// <summary>Mean accuracy@1 of a cell in percent; NaN if nothing has run there.</summary>
    public double Percent(string row, string column) => 100 * Cell(row, column)?.Mean ?? double.NaN;

    /// <summary>The cells of a column in one line: each row with its accuracy.</summary>
    public string Column(string column) =>
        string.Join(", ", Table.Rows.Where(row => Cell(row, column) is not null).Select(row => $"{row} {Cell(row, column)}"));

    /// <summary>The table with the paper's numbers beside ours, in percent; "-" marks missing cells.</summary>
    public DataFrame ToDataFrame() => ToDataFrame(Study, Table);

    /// <summary>The table of a study with the paper's numbers beside ours, in percent; "-" marks missing cells.</summary>
    public static DataFrame ToDataFrame(Study study, StudyTable table)
    {
        StringDataFrameColumn Column(string name, Func<string, string?> cell) => new(name, table.Rows.Select(row => cell(row) ?? "-"));
        string? Paper(string row, string column) =>
            study.Paper.GetValueOrDefault(row)?.TryGetValue(column, out double value) is true ? FormattableString.Invariant($"{value:0.0}") : null;
        var ours = table.Columns.Select(column => Column(column, row => table.Cells.GetValueOrDefault((row, column))?.ToString()));
        var paper = study.Paper.Values.SelectMany(row => row.Keys).Distinct()
            .Select(column => Column($"paper: {column}", row => Paper(row, column)));
        return new(ours.Concat(paper).Prepend(Column(table.RowAxis, row => row)));
    }

    /// <summary>The table as a figure: lines if its rows are quantities, else columns beside the paper's.</summary>
    public GenericChart Figure() => Table.IsSeries ? StudyFigure.Lines(Table) : StudyFigure.Columns(Study, Table);

    /// <summary>Accuracy@1 after each epoch, a line per run of seed 0.</summary>
    /// <param name="point">Values that the runs have; all runs if none.</param>
    public GenericChart LearningCurves(params string[] point)
    {
        var lines = from run in Runs
                    where run.Seed == 0 && point.All(value => run.Point.Values.Contains(value))
                    let result = Find(run)
                    where result is not null
                    select Chart.Line<int, double, string>(
                        result.Epochs.Select(epoch => epoch.Epoch + 1).ToArray(),
                        result.Epochs.Select(epoch => 100 * epoch.Top1).ToArray(),
                        Name: string.Join(", ", run.Point.Values.Except(point)));
        return Chart.Combine(lines)
            .WithXAxisStyle<double, double, string>(TitleText: "epoch")
            .WithYAxisStyle<double, double, string>(TitleText: "accuracy@1, percent", MinMax: Tuple.Create(0.0, 100.0))
            .WithCourseStyle()
            .WithSize(820, 440);
    }

    /// <summary>Repeats the first epochs of a run with a progress bar, and prints their accuracies above those of its result.</summary>
    /// <param name="run">The run.</param>
    /// <param name="epochs">How many epochs; the steps of its learning rate stay where they are.</param>
    /// <exception cref="RecipeException">The recipe does not fit the data.</exception>
    public void Repeat(StudyRun run, int epochs)
    {
        var work = Path.Combine(Path.GetTempPath(), "timesformer-course");
        var recipe = new RecipeInputs(work) { Train = Notebook.Train }.Prepare(RecipeFile.Resolve(run.Recipe, Study.Folder));
        recipe = recipe with { Training = recipe.Training with { Epochs = epochs } };
        var now = new List<EpochAccuracy>();
        var trainer = new Trainer(recipe, Path.Combine(work, Study.Name, $"{run.Name}-{DateTime.Now:HHmmss}"))
        {
            OnStep = Notebook.ProgressBar(),
            OnEpoch = (epoch, evaluation) => now.Add(new(epoch, evaluation.Top1, evaluation.Top5, evaluation.Loss)),
        };
        trainer.Run();
        var kept = Find(run)?.Epochs ?? [];
        Console.WriteLine($"epoch      {string.Join("  ", now.Select(epoch => $"{epoch.Epoch + 1,6}"))}");
        Console.WriteLine($"now        {string.Join("  ", now.Select(epoch => $"{epoch.Top1,6:P1}"))}");
        Console.WriteLine($"committed  {string.Join("  ", now.Select(epoch => $"{kept.FirstOrDefault(other => other.Epoch == epoch.Epoch)?.Top1,6:P1}"))}");
    }
}
