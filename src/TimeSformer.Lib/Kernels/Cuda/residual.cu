// A residual step x + branch(norm(x)) around its branch: layer norm before it, the sum after it, and the gradients of both. WIDTH is D, a
// multiple of 8; EPS is the norm's. A warp computes a row.

#define GROUPS ((WIDTH + 255) / 256)

// A lane's groups of a row: number g, at column c. Unrolled, so that values stay in registers.
#define FOR_GROUPS _Pragma("unroll") for (int g = 0; g < GROUPS; g++) if (int c = (g * 32 + lane) * 8; c < WIDTH)

// Where a row of tokens goes in the branch, whose sequences are
// WHOLE: samples, all rows as they are;
// TIME: the places of a sample, rows 1 + n T + t in the order (n, t); row 0 takes no part;
// SPACE: its frames, (t, n), each after a copy of row 0.
enum { WHOLE, TIME, SPACE };

struct Layout { long long kind, rows, patches, frames; }; // rows per sample

__device__ inline int copies_of(const Layout& of, long long row) {
    if (of.kind == WHOLE || row % of.rows > 0) return 1;
    return of.kind == TIME ? 0 : (int)of.frames;
}

// The row in the branch, and the sequence that it belongs to.
__device__ inline long long in_branch(const Layout& of, long long row, int copy, long long& sequence) {
    long long sample = row / of.rows, place = row % of.rows;
    if (of.kind == WHOLE) {
        sequence = sample;
        return row;
    }
    long long patch = (place - 1) / of.frames, frame = place > 0 ? (place - 1) % of.frames : copy;
    if (of.kind == TIME) {
        sequence = sample * of.patches + patch;
        return sample * (of.rows - 1) + place - 1;
    }
    sequence = sample * of.frames + frame;
    return sequence * (1 + of.patches) + (place > 0 ? 1 + patch : 0);
}

// normed (branch rows, D), moments (rows, 2): each row's mean and 1 / sqrt(variance + eps).
extern "C" __global__ void norm_forward(
    const RESIDUAL* x, const RESIDUAL* weight, const RESIDUAL* bias, STORED* normed, float* moments, long long count, long long kind,
    long long rows, long long patches, long long frames) {
    Layout layout = {kind, rows, patches, frames};
    int lane = threadIdx.x % 32, warps = blockDim.x / 32;
    for (long long row = (long long)blockIdx.x * warps + threadIdx.x / 32; row < count; row += (long long)gridDim.x * warps) {
        float values[GROUPS][8], sum = 0, squares = 0;
        FOR_GROUPS {
            load(x + row * WIDTH + c, values[g]);
            for (int k = 0; k < 8; k++) sum += values[g][k];
        }
        float mean = warp_sum(sum) / WIDTH;
        FOR_GROUPS {
            for (int k = 0; k < 8; k++) squares += (values[g][k] - mean) * (values[g][k] - mean);
        }
        float scale = 1 / sqrtf(warp_sum(squares) / WIDTH + EPS);
        if (lane == 0) {
            moments[2 * row] = mean;
            moments[2 * row + 1] = scale;
        }
        int copies = copies_of(layout, row);
        FOR_GROUPS {
            float w[8], b[8];
            load(weight + c, w);
            load(bias + c, b);
            for (int k = 0; k < 8; k++) values[g][k] = (values[g][k] - mean) * scale * w[k] + b[k];
            for (int copy = 0; copy < copies; copy++) {
                long long sequence;
                store(values[g], normed + in_branch(layout, row, copy, sequence) * WIDTH + c);
            }
        }
    }
}

// The gradient of x, given `outer`, that of the sum, and `inner`, that of the norm's results (branch rows, D). parameters (blocks, 2, D):
// each block's part of the gradients of weight and bias.
extern "C" __global__ void norm_backward(
    const RESIDUAL* x, const RESIDUAL* weight, const float* moments, const RESIDUAL* outer, const STORED* inner, RESIDUAL* gradient,
    float* parameters, long long count, long long kind, long long rows, long long patches, long long frames) {
    __shared__ float parts[4][2][WIDTH];
    Layout layout = {kind, rows, patches, frames};
    int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
    float weights[GROUPS][8] = {}, biases[GROUPS][8] = {};
    for (long long row = (long long)blockIdx.x * 4 + warp; row < count; row += (long long)gridDim.x * 4) {
        float normed[GROUPS][8], above[GROUPS][8], sum = 0, product = 0, mean = moments[2 * row], scale = moments[2 * row + 1];
        int copies = copies_of(layout, row);
        FOR_GROUPS {
            float w[8];
            load(weight + c, w);
            load(x + row * WIDTH + c, normed[g]);
            for (int k = 0; k < 8; k++) above[g][k] = 0;
            for (int copy = 0; copy < copies; copy++) {
                long long sequence;
                float part[8];
                load(inner + in_branch(layout, row, copy, sequence) * WIDTH + c, part);
                for (int k = 0; k < 8; k++) above[g][k] += part[k];
            }
            for (int k = 0; k < 8; k++) {
                normed[g][k] = (normed[g][k] - mean) * scale;
                weights[g][k] += above[g][k] * normed[g][k];
                biases[g][k] += above[g][k];
                above[g][k] *= w[k];
                sum += above[g][k];
                product += above[g][k] * normed[g][k];
            }
        }
        float offset = warp_sum(sum) / WIDTH, slope = warp_sum(product) / WIDTH;
        FOR_GROUPS {
            float result[8];
            load(outer + row * WIDTH + c, result);
            for (int k = 0; k < 8; k++) result[k] += scale * (above[g][k] - offset - normed[g][k] * slope);
            store(result, gradient + row * WIDTH + c);
        }
    }
    FOR_GROUPS {
        for (int k = 0; k < 8; k++) {
            parts[warp][0][c + k] = weights[g][k];
            parts[warp][1][c + k] = biases[g][k];
        }
    }
    __syncthreads();
    for (int c = threadIdx.x; c < 2 * WIDTH; c += blockDim.x) {
        int which = c / WIDTH, column = c % WIDTH;
        float sum = 0;
        for (int k = 0; k < 4; k++) sum += parts[k][which][column];
        parameters[(long long)blockIdx.x * 2 * WIDTH + c] = sum;
    }
}

// x plus the branch, or the mean of its copies. Stochastic depth's factors: one a sequence, or null.
extern "C" __global__ void add_branch(
    const RESIDUAL* x, const STORED* branch, const float* factors, RESIDUAL* result, long long count, long long kind, long long rows,
    long long patches, long long frames) {
    Layout layout = {kind, rows, patches, frames};
    int lane = threadIdx.x % 32, warps = blockDim.x / 32;
    for (long long row = (long long)blockIdx.x * warps + threadIdx.x / 32; row < count; row += (long long)gridDim.x * warps) {
        int copies = copies_of(layout, row);
        for (int c = lane * 8; c < WIDTH; c += 256) {
            float sum[8];
            load(x + row * WIDTH + c, sum);
            for (int copy = 0; copy < copies; copy++) {
                long long sequence, at = in_branch(layout, row, copy, sequence);
                float part[8], share = (factors ? factors[sequence] : 1) / copies;
                load(branch + at * WIDTH + c, part);
                for (int k = 0; k < 8; k++) sum[k] += share * part[k];
            }
            store(sum, result + row * WIDTH + c);
        }
    }
}

// The gradient of the branch (branch rows, D), given that of the sum.
extern "C" __global__ void branch_gradient(
    const RESIDUAL* outer, const float* factors, STORED* gradient, long long count, long long kind, long long rows, long long patches,
    long long frames) {
    Layout layout = {kind, rows, patches, frames};
    int lane = threadIdx.x % 32, warps = blockDim.x / 32;
    for (long long row = (long long)blockIdx.x * warps + threadIdx.x / 32; row < count; row += (long long)gridDim.x * warps) {
        int copies = copies_of(layout, row);
        for (int c = lane * 8; c < WIDTH; c += 256) {
            float above[8];
            load(outer + row * WIDTH + c, above);
            for (int copy = 0; copy < copies; copy++) {
                long long sequence, at = in_branch(layout, row, copy, sequence);
                float part[8], share = (factors ? factors[sequence] : 1) / copies;
                for (int k = 0; k < 8; k++) part[k] = share * above[k];
                store(part, gradient + at * WIDTH + c);
            }
        }
    }
}
